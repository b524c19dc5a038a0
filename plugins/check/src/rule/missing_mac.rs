//! An encrypted file whose integrity nothing vouches for.

use krm::Finding;

use crate::rule::{Rule, Subject};
use crate::token::is_token;

pub(crate) const RULE: Rule = Rule {
    id: "missing-mac",
    page: "The sops metadata holds no `mac`, one that is no encrypted value, or no `lastmodified` that the MAC is bound to. \
        Whoever can write the file could then swap values, and sops refuses to decrypt it.\n\n\
        Whether the MAC is *right* can only be told with a key: `pleach run`, or `sops decrypt`.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let Some(seal) = source.seals.iter().flatten().next() else { return Vec::new() };
    let mut findings = Vec::new();
    let mut say = |field: &str, what: &str| {
        findings.push(
            Finding::error(RULE.id, what)
                .line(&source.path, seal.line)
                .field(field)
                .hint("take the file back from before the edit, or encrypt it anew with sops"),
        );
    };
    match seal.mac.as_str() {
        "" => say("sops.mac", "missing: nothing vouches for the values"),
        mac if !is_token(mac) => {
            say("sops.mac", "no encrypted value: nothing vouches for the values");
        }
        _ => {}
    }
    if !is_time(&seal.last_modified) {
        say("sops.lastmodified", "missing or no time: the MAC is bound to it");
    }
    findings
}

/// `2024-01-02T03:04:05Z`, or with an offset (RFC 3339), seconds' fractions allowed.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let at = |index: usize, byte: u8| bytes.get(index) == Some(&byte);
    digits(0..4)
        && at(4, b'-')
        && digits(5..7)
        && at(7, b'-')
        && digits(8..10)
        && at(10, b'T')
        && digits(11..13)
        && at(13, b':')
        && digits(14..16)
        && at(16, b':')
        && digits(17..19)
        && (bytes.ends_with(b"Z") || text.get(19..).is_some_and(|zone| zone.contains(['+', '-'])))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_time_is_rfc_3339() {
        assert!(super::is_time("2024-01-02T03:04:05Z"));
        assert!(super::is_time("2024-01-02T03:04:05.123+02:00"));
        assert!(!super::is_time(""));
        assert!(!super::is_time("yesterday"));
        assert!(!super::is_time("2024-01-02"));
    }
}
