//! What ExternalDNS publishes for a rule: it reads it with a regular expression.

use std::sync::LazyLock;

use regex::Regex;

/// `traefikHostExtractor` and `traefikValueProcessor` of `source/traefik_proxy.go`, v0.22.0.
static EXPRESSIONS: LazyLock<Option<(Regex, Regex)>> = LazyLock::new(|| {
    let hosts =
        Regex::new(r"(?:HostSNI|HostHeader|Host)[\t\n\f\r ]*\([\t\n\f\r ]*(`.*?`)[\t\n\f\r ]*\)");
    let values = Regex::new(r"`([^,`]+)`");
    Some((hosts.ok()?, values.ok()?))
});

/// The hosts for which ExternalDNS makes records, in order and as they stand in the rule: it knows neither negation nor
/// double quotes nor comments, and skips `*` and nothing.
pub fn external_dns_hosts(text: &str) -> Vec<String> {
    let Some((hosts, values)) = EXPRESSIONS.as_ref() else { return Vec::new() };
    let mut published = Vec::new();
    for call in hosts.find_iter(text) {
        for value in values.find_iter(call.as_str()) {
            let host = value.as_str().trim_matches('`');
            if host != "*" && !host.is_empty() {
                published.push(host.to_owned());
            }
        }
    }
    published
}
