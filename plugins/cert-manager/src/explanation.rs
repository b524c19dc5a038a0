//! What each finding of this crate means: the pages behind the ids.

/// (id, page): `pleach docs ID` prints the page. Every id that the crate uses stands here; a test compares.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "certificate-option",
        "An option of CertManager is one that cert-manager or the API server refuses: a duration below 1h, a renewal \
         that does not fit into it, a key size that the algorithm does not have, a label that is none. With it there \
         would be no certificate for any object that the rule selects.",
    ),
    (
        "duration-without-effect",
        "An ACME order has no duration unless the issuer sets `enableDurationFeature`, and Let's Encrypt then refuses \
         the order. Its certificates live 90 days, whatever the annotation says.",
    ),
    (
        "gateways-not-read",
        "cert-manager reads Gateways and ListenerSets only when it is told to (`--enable-gateway-api`). Without it an \
         annotation on one does nothing, and nobody says so. The flag is read in the tree, or in the facts.",
    ),
    (
        "gateways-unknown",
        "Neither the tree nor the facts hold a cert-manager, so that nobody here knows whether it reads Gateways.",
    ),
    (
        "host-not-covered",
        "An object uses the Secret of a certificate that is not for all of its hosts. A wildcard stands for one label: \
         `*.qt.rs` is for `a.qt.rs`, and neither for `qt.rs` nor for `a.b.qt.rs`.",
    ),
    (
        "host-without-name",
        "A certificate is for names. A rule with a regular expression, a negated host or no host at all serves hosts \
         that nobody can name, and Traefik shows its own default certificate for them.",
    ),
    (
        "ignored-percentage",
        "Alone, a renew-before-percentage out of 1 to 99 is not refused by cert-manager: it renews at two thirds of the \
         lifetime, as if nothing stood there.",
    ),
    (
        "ignored-uris",
        "The annotation cert-manager.io/uri-sans is read on OpenShift Routes alone. On an Ingress or a Gateway the \
         certificate has no URI.",
    ),
    (
        "incomplete-tls-block",
        "cert-manager makes a certificate for a block of `spec.tls` that has hosts and a secretName, and skips every \
         other one with nothing but an event. Where an author named the issuer, that is an error; where the config \
         does, a warning, since the block may mean the default certificate of the controller.",
    ),
    (
        "issuer-absent",
        "The facts list all issuers, and the one that is named is not among them. Most often the kind is wrong (what \
         names none is an Issuer), or an Issuer stands in another namespace: it signs for its own alone.",
    ),
    (
        "issuer-unknown",
        "Neither the tree nor the facts say whether the issuer is there. `pleach facts` writes a file that does.",
    ),
    (
        "issuer-without-name",
        "An annotation asks for an issuer and names none: an empty name, or a kind or a group without a name. \
         cert-manager then does nothing.",
    ),
    (
        "no-default-issuer",
        "kubernetes.io/tls-acme asks for the issuer that cert-manager was started with (`--default-issuer-name`), and \
         the facts say that it was started without one.",
    ),
    (
        "no-solver",
        "An ACME issuer proves each host by one of its solvers, chosen by dnsNames, dnsZones and by the labels of the \
         Certificate, which are those of the object. None of them is for this host: its order fails.",
    ),
    (
        "no-tls-block",
        "An Ingress has an issuer and no block in `spec.tls`. cert-manager makes one certificate for each block, so it \
         makes none, and says nothing.",
    ),
    (
        "no-tls-listener",
        "A Gateway has an issuer and no listener with protocol HTTPS or TLS that ends TLS. There is nothing that \
         cert-manager could make a certificate for.",
    ),
    (
        "not-of-host",
        "`pleach.dev/cert-manager: of-host` says that another route has the certificate of a route's hosts, and none has, of \
         those that are built with it. It is treated as if the annotation were not there: nobody gets out of a policy by it.",
    ),
    (
        "other-environment",
        "The config says what the certificates are for, and the ACME server of the issuer is for something else: \
         browsers refuse those of a staging server, and tests use up the rate limits of a production server. An \
         issuer is told by the URL of its server, never by its name.",
    ),
    (
        "other-issuer-key",
        "cert-manager.io/issuer-name is the key of OpenShift Routes; cert-manager.io/issuer and /cluster-issuer are \
         those of Ingresses and Gateways. A key on the wrong kind of object does nothing. The object is left alone.",
    ),
    (
        "refused-annotation",
        "cert-manager does not take the value of an annotation. It then makes no certificate at all for the object, and \
         says so in its log alone. A duration is one of Go (`2160h`, not `90d`), a list has no blanks behind its \
         commas, words are spelt as cert-manager spells them.",
    ),
    (
        "secret-name-taken",
        "A Secret is to be added under a name that somebody else writes already in that namespace. The name never \
         changes by itself: a renamed Secret is a new certificate.",
    ),
    (
        "secret-twice",
        "Two blocks of `spec.tls` name the same Secret, or two name none. cert-manager would make two Certificates of \
         one name, so it takes nothing of the whole object.",
    ),
    (
        "secret-written-over",
        "A Secret stands in the tree, and an object asks cert-manager for a certificate in it: cert-manager writes over \
         what the tree holds, and the next sync writes it back.",
    ),
    (
        "shared-secret",
        "Two objects get their certificate in the same Secret. cert-manager lets one of them own it and refuses the \
         other, or both write it in turn, each time with a new order. One annotated owner, or one Certificate with all \
         hosts, is the way.",
    ),
    (
        "skipped-listener",
        "cert-manager takes a listener that has a host, ends TLS and names Secrets of its own namespace, and skips every \
         other one with nothing but an event.",
    ),
    (
        "staging-issuer",
        "The ACME server of the issuer is one for tests. Its certificates look real and no browser accepts them.",
    ),
    (
        "tls-acme-value",
        "cert-manager reads kubernetes.io/tls-acme as Go reads a truth value: `true`, `1`, `t`. Everything else, `yes` \
         included, is no.",
    ),
    (
        "tls-options-not-allowed",
        "Traefik is started with crossProviderNamespaces, and an Ingress of a namespace that it does not list must not \
         name a TLSOption: the whole Ingress is skipped.",
    ),
    (
        "tls-options-of-another-namespace",
        "An IngressRoute that names a TLSOption of another namespace is not served unless Traefik is started with \
         allowCrossNamespace.",
    ),
    (
        "two-issuers",
        "cert-manager.io/cluster-issuer excludes /issuer, /issuer-kind and /issuer-group. With two of them cert-manager \
         does nothing.",
    ),
    (
        "two-wildcards",
        "All hosts of a zone in one namespace share one Certificate, and two objects ask for different ones: another \
         issuer, other labels, other options.",
    ),
    (
        "uris-without-annotation",
        "The options ask for URIs, and an annotated object cannot: there is no annotation for them.",
    ),
    (
        "wildcard-without-dns01",
        "A certificate authority proves a wildcard by DNS-01 alone, and the issuer has HTTP-01 solvers only.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::EXPLANATIONS;

    /// The ids in the sources below a folder: what stands in quotes behind `Finding::error(` and its like.
    fn used(folder: &Path, ids: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                used(&path, ids);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for call in ["Finding::error(", "Finding::warning(", "Finding::info("] {
                for behind in text.split(call).skip(1) {
                    let id =
                        behind.trim_start().strip_prefix('"').and_then(|id| id.split('"').next());
                    ids.extend(id.map(str::to_owned));
                }
            }
        }
    }

    #[test]
    fn every_finding_has_a_page_and_no_page_stands_twice() {
        let mut ids = BTreeSet::new();
        used(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut ids);
        let pages: Vec<&str> = EXPLANATIONS.iter().map(|(id, _)| *id).collect();
        let mut sorted = pages.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(pages, sorted, "sorted, each once");
        assert!(ids.iter().map(String::as_str).eq(pages), "{ids:#?}");
    }
}
