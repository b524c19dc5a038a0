//! What each finding of this crate means: the pages behind the ids.

/// (id, page): `pleach docs ID` prints the page. Every id that the crate uses stands here; a test compares.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "bad-hostname-source",
        "`ingress-hostname-source` and `gateway-hostname-source` take `defined-hosts-only` and `annotation-only`. \
         With any other value ExternalDNS publishes no host of an Ingress, without a word; on a route below a \
         Gateway the value does not count.",
    ),
    (
        "bad-target",
        "A target is an address or a name of DNS: no scheme, no port, no wildcard. A host has one CNAME, so two names \
         are one too many.",
    ),
    (
        "copied-to-prefix",
        "ExternalDNS 0.22 reads `external-dns.kubernetes.io/` where those before it read \
         `external-dns.alpha.kubernetes.io/`, and a controller may have a prefix of its own. What stands under another \
         spelling alone would be lost with the controller's next update, and its records deleted. All keys of the object \
         are written under the prefix that is read; the old ones stay.",
    ),
    (
        "different-targets",
        "Two objects of one host have different targets. ExternalDNS publishes all addresses of a host together since \
         0.21; of two names it publishes one and logs the other. Objects that are meant to differ (routing policies \
         of Route 53) have different set identifiers.",
    ),
    (
        "endpoint-without-target",
        "With `mode: endpoint` the records stand in a DNSEndpoint, which has no status to take a target from: `target` in \
         the config, or the author's annotation on the object, says what they point to.",
    ),
    (
        "filtered-host",
        "Every ExternalDNS that reads the object has `--domain-filter` or `--exclude-domains`, and they leave this host out: \
         no record is made, and nothing is logged.",
    ),
    (
        "host-left-behind",
        "Two objects serve one host; one has a target and the other has none, so that ExternalDNS takes its status. Both \
         go into one record, or contradict each other when one is a name and the other an address. An object that is \
         left out of this function is still read by ExternalDNS, unless `controller: none` tells it not to.",
    ),
    (
        "host-pattern",
        "A rule with a regular expression serves hosts that stand nowhere as names, so that ExternalDNS publishes nothing. \
         Its hostname annotation names them.",
    ),
    (
        "hosts-in-and-outside-zones",
        "An annotation is for all hosts of its object. Where `zones` holds some of them and others not, writing it would \
         publish too much, and leaving it out too little. A DNSEndpoint (`mode: endpoint`) holds each host by \
         itself.",
    ),
    (
        "ignored-hostname",
        "With `--ignore-hostname-annotation` ExternalDNS reads hosts from the fields of an object alone, and an object that has \
         no host there is not published.",
    ),
    (
        "ignored-value",
        "ExternalDNS logs a value that it cannot read and goes on with its default, so that a wrong TTL, say, is \
         noticed by nobody.",
    ),
    (
        "inner-name",
        "`internal-hostname` gives a Service a name that leads to its cluster IP. ExternalDNS takes a target for all names of a \
         Service, this one too, and passes all of them over with `controller: none`. So neither is written.",
    ),
    (
        "long-label",
        "A label, the part of a name between two dots, has at most 63 characters (RFC 1035). ExternalDNS logs an error and \
         makes no record.",
    ),
    (
        "misplaced-key",
        "Of the objects of the Gateway API, ExternalDNS reads the target on the Gateway or on the ListenerSet and \
         everything else on the routes. What stands on the wrong one is ignored without a word.",
    ),
    (
        "mixed-targets",
        "A host that has a CNAME has no other record (RFC 1034): a name and an address cannot both be its target. DNS \
         providers refuse the one that comes second.",
    ),
    (
        "negated-host",
        "ExternalDNS reads Traefik's rules with a regular expression and does not know `!`: it publishes the very host \
         that the rule leaves out.",
    ),
    (
        "no-set-identifier",
        "Weighted, latency, failover, geolocation, geoproximity and multi-value records of Route 53 are told apart by \
         a set identifier. Without it Route 53 refuses the whole batch of changes.",
    ),
    (
        "no-target",
        "Routes of Traefik have no status, so ExternalDNS finds no target for them, and `--default-targets` is for \
         DNSEndpoints alone. Without a target annotation there is no record and no message.",
    ),
    (
        "outside-zones",
        "The config has `zones`, and no host of the object stands in one. Nothing is written for it; ExternalDNS still \
         reads the object, and may take a target from its status.",
    ),
    (
        "prefix-found",
        "With `prefix: auto` annotations are written under the prefix that the controller reads: before 0.20 the alpha one, \
         later that of `--annotation-prefix`, whose default changed in 0.22.",
    ),
    (
        "prefix-unknown",
        "Nothing says which ExternalDNS reads the annotations, or which version it is, so they are written under both \
         prefixes. That is safe, and more than is needed: a facts file (`pleach facts`), or `prefix`, says which.",
    ),
    (
        "private-and-proxied",
        "Cloudflare's proxy cannot reach a private, shared, local or loopback address, and refuses the record with error \
         9003. `proxied: false` publishes the address as it is.",
    ),
    (
        "published-twice",
        "With `mode: endpoint` a DNSEndpoint publishes the hosts of an object, and the object gets \
         `controller: dns-endpoint`, so that ExternalDNS passes it over. Its author asks for the opposite.",
    ),
    (
        "target-elsewhere",
        "ExternalDNS reads the target of a route below a Gateway on the Gateway. One that stands in another build cannot be \
         changed here; with its own target in the facts (`pleach facts`) nothing is said.",
    ),
    (
        "unread-endpoint",
        "ExternalDNS reads DNSEndpoints with `--source=crd` alone, and none of the known controllers has it: nobody \
         publishes what `mode: endpoint` adds, and the objects themselves are passed over.",
    ),
    (
        "unread-object",
        "The controllers that are known have `--annotation-filter`, `--label-filter`, `--ingress-class` or `--namespace`, \
         and all of them leave the object out.",
    ),
    (
        "unread-prefix",
        "The config writes under a prefix that none of the known controllers reads. ExternalDNS would see objects \
         without a target, and delete their records.",
    ),
    (
        "unseen-host",
        "ExternalDNS finds hosts of Traefik's rules in backquotes alone: a name in double quotes is served and has no \
         record.",
    ),
    (
        "wildcard-host",
        "A wildcard is published as a wildcard record. The TXT record beside it begins with an asterisk too, which some \
         providers refuse.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::EXPLANATIONS;

    /// The sources below a folder, without this file and without tests.
    fn sources(folder: &Path) -> String {
        let mut sources = String::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources += &self::sources(&path);
            } else if !path.ends_with("explanation.rs") {
                let text = std::fs::read_to_string(path).unwrap();
                sources += text.split("#[cfg(test)]").next().unwrap_or_default();
            }
        }
        sources
    }

    #[test]
    fn every_page_has_an_id_that_the_code_says() {
        let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        for (id, _) in EXPLANATIONS {
            assert!(sources.contains(&format!("\"{id}\"")), "nothing says {id}");
        }
        let pages: BTreeSet<&str> = EXPLANATIONS.iter().map(|page| page.0).collect();
        assert_eq!(pages.len(), EXPLANATIONS.len());
    }
}
