//! What an ACME server is for, told by its URL: an issuer's name proves nothing.

/// What a server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    /// Its certificates are accepted everywhere.
    Production,
    /// It is for tests.
    Staging,
    /// Nothing is known of it.
    Other,
}

/// Hosts of public ACME servers (each by its operator's documentation, November 2026).
const SERVERS: [(&str, Server); 11] = [
    ("acme-v02.api.letsencrypt.org", Server::Production),
    ("acme-staging-v02.api.letsencrypt.org", Server::Staging),
    ("acme-v01.api.letsencrypt.org", Server::Production),
    ("acme-staging.api.letsencrypt.org", Server::Staging),
    ("acme.zerossl.com", Server::Production),
    ("dv.acme-v02.api.pki.goog", Server::Production),
    ("dv.acme-v02.test-api.pki.goog", Server::Staging),
    ("api.buypass.com", Server::Production),
    ("api.test4.buypass.no", Server::Staging),
    ("acme.ssl.com", Server::Production),
    ("acme.digicert.com", Server::Production),
];

/// What the server of a URL is for.
pub(super) fn classify(url: &str) -> Server {
    let host = host(url);
    let known = SERVERS.iter().find(|(name, _)| host.eq_ignore_ascii_case(name));
    known.map_or(Server::Other, |(_, server)| *server)
}

/// Whether it is one of Let's Encrypt's.
pub(super) fn is_lets_encrypt(url: &str) -> bool {
    host(url).to_ascii_lowercase().ends_with(".letsencrypt.org")
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_told_by_its_host() {
        for (url, server) in [
            ("https://acme-v02.api.letsencrypt.org/directory", Server::Production),
            ("https://ACME-staging-v02.api.letsencrypt.org:443/directory", Server::Staging),
            ("https://ca.internal/acme/acme-staging-v02.api.letsencrypt.org", Server::Other),
            ("https://acme-v02.api.letsencrypt.org.evil.example/directory", Server::Other),
            ("https://x@dv.acme-v02.test-api.pki.goog", Server::Staging),
        ] {
            assert_eq!(classify(url), server, "{url}");
        }
        assert!(is_lets_encrypt("https://acme-staging-v02.api.letsencrypt.org/directory"));
        assert!(!is_lets_encrypt("https://notletsencrypt.org/x"));
    }
}
