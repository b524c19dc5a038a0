//! Images: which program an image holds, and in which version.

use super::workload::Program;
use crate::facts::version::Version;

/// The program of an image, by the last part of its path: a mirror changes what stands before it, and some put the
/// former path into it (`rancher/mirrored-library-traefik`).
pub(super) fn program(image: &str) -> Option<Program> {
    let name = parts(image).0;
    let name = name.strip_prefix("mirrored-").unwrap_or(name);
    Some(match name {
        "external-dns" | "external-dns-external-dns" | "bitnami-external-dns" => {
            Program::ExternalDns
        }
        "traefik" | "library-traefik" | "traefik-traefik" | "traefik-hub" => Program::Traefik,
        "cert-manager-controller" | "jetstack-cert-manager-controller" => Program::CertManager,
        _ => return None,
    })
}

/// The version in the tag; a tag that moves, and a digest alone, say none.
pub(super) fn version(image: &str) -> Option<String> {
    let tag = parts(image).1?;
    Version::parse(tag).map(|_| tag.strip_prefix('v').unwrap_or(tag).to_owned())
}

/// The last part of the path, and the tag.
fn parts(image: &str) -> (&str, Option<&str>) {
    let image = image.split('@').next().unwrap_or_default();
    let last = image.rsplit('/').next().unwrap_or_default();
    last.split_once(':').map_or((last, None), |(name, tag)| (name, Some(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_the_last_part_of_its_image_and_a_mirror_changes_nothing() {
        for (image, known) in [
            ("registry.k8s.io/external-dns/external-dns:v0.22.0", Program::ExternalDns),
            ("localhost:5000/mirror/k8s/external-dns@sha256:abc", Program::ExternalDns),
            ("traefik:v3.7.9", Program::Traefik),
            ("docker.io/library/traefik", Program::Traefik),
            ("docker.io/traefik/traefik:v3.7", Program::Traefik),
            ("rancher/mirrored-library-traefik:3.3.6", Program::Traefik),
            ("quay.io/jetstack/cert-manager-controller:v1.20.0", Program::CertManager),
            ("rancher/mirrored-jetstack-cert-manager-controller:v1.20.0", Program::CertManager),
        ] {
            assert_eq!(program(image), Some(known), "{image}");
        }
    }

    #[test]
    fn what_stands_beside_a_controller_is_none() {
        for image in [
            "ghcr.io/kashalls/external-dns-unifi-webhook:v0.6.0",
            "quay.io/jetstack/cert-manager-cainjector:v1.20.0",
            "quay.io/jetstack/cert-manager-webhook:v1.20.0",
            "thomseddon/traefik-forward-auth:2",
            "traefik/whoami",
            "",
        ] {
            assert_eq!(program(image), None, "{image}");
        }
    }

    #[test]
    fn a_tag_that_moves_and_a_digest_alone_say_no_version() {
        assert_eq!(version("a/traefik:v3.7.9@sha256:abc").as_deref(), Some("3.7.9"));
        assert_eq!(version("localhost:5000/traefik:v3.7").as_deref(), Some("3.7"));
        for image in ["traefik", "traefik:latest", "traefik:v3", "localhost:5000/traefik@sha256:a"]
        {
            assert_eq!(version(image), None, "{image}");
        }
    }
}
