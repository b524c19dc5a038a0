//! What ExternalDNS publishes for a rule: it reads it with a regular expression.

/// The matchers in which it looks for names.
const MATCHERS: [&str; 3] = ["HostSNI", "HostHeader", "Host"];

/// The hosts for which ExternalDNS makes records, in order and as they stand in the rule: it knows neither negation nor
/// double quotes nor comments, and skips `*` and nothing.
///
/// `traefikHostExtractor` and `traefikValueProcessor` of `source/traefik_proxy.go`, v0.22.0:
/// ``(?:HostSNI|HostHeader|Host)\s*\(\s*(`.*?`)\s*\)``, and in what that finds ``` `([^,`]+)` ```. By hand, because a build
/// holds thousands of rules.
pub fn external_dns_hosts(text: &str) -> Vec<String> {
    let (mut published, mut at) = (Vec::new(), 0);
    while let Some(found) = text[at..].find("Host") {
        at += found;
        let opened = MATCHERS.iter().find_map(|name| opened(&text[at..], name));
        let Some(quoted) = opened else {
            at += 1;
            continue;
        };
        match closed(quoted) {
            Ok(length) => {
                values(&quoted[..length], &mut published);
                at = text.len() - quoted.len() + length;
            }
            // What begins on this line behind it ends no sooner.
            Err(line_end) => at = text.len() - quoted.len() + line_end,
        }
    }
    published
}

/// What follows the name of a matcher and its bracket, from the first backquote on.
fn opened<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(name)?.trim_start_matches(is_space);
    let rest = rest.strip_prefix('(')?.trim_start_matches(is_space);
    rest.starts_with('`').then_some(rest)
}

/// How long the text is up to the first backquote on its line that a closing bracket follows; without one, how long the
/// line is.
fn closed(quoted: &str) -> Result<usize, usize> {
    for (at, byte) in quoted.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return Err(at),
            b'`' if quoted[at + 1..].trim_start_matches(is_space).starts_with(')') => {
                return Ok(at + 1);
            }
            _ => {}
        }
    }
    Err(quoted.len())
}

/// The names between backquotes.
fn values(quoted: &str, published: &mut Vec<String>) {
    let mut rest = quoted;
    while let Some(open) = rest.find('`') {
        let inner = &rest[open + 1..];
        let Some(end) = inner.find([',', '`']) else { return };
        if end == 0 || inner.as_bytes()[end] == b',' {
            // No name begins at this backquote.
            rest = inner;
            continue;
        }
        if &inner[..end] != "*" {
            published.push(inner[..end].to_owned());
        }
        rest = &inner[end + 1..];
    }
}

/// Go's `\s`.
fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{c}' | '\r' | ' ')
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use regex::Regex;

    use super::external_dns_hosts;

    static HOSTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:HostSNI|HostHeader|Host)[\t\n\f\r ]*\([\t\n\f\r ]*(`.*?`)[\t\n\f\r ]*\)")
            .unwrap()
    });
    static VALUES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"`([^,`]+)`").unwrap());

    /// As ExternalDNS does it.
    fn by_expressions(text: &str) -> Vec<String> {
        let calls = HOSTS.find_iter(text);
        let values = calls.flat_map(|call| VALUES.find_iter(call.as_str()));
        let names = values.map(|value| value.as_str().trim_matches('`').to_owned());
        names.filter(|name| name != "*" && !name.is_empty()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_rule_is_read_as_external_dns_reads_it(text in "(Host|HostSNI|Hos|HostHeader|\\(|\\)|`|,|\n|[ \t\r\u{c}\u{b}]|a|\\*|\u{e4}| && |HostSNI\\(`a`\\)|Host\\(`b`,`c`\\)){0,16}") {
            prop_assert_eq!(external_dns_hosts(&text), by_expressions(&text));
        }
    }
}
