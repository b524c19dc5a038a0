//! Email addresses, as cert-manager takes them: what Go's `mail.ParseAddress` gives back unchanged
//! (`validateEmailAddresses`).

/// Whether it is the address alone: two dot-atoms (RFC 5322) with `@` between them.
pub(super) fn check(text: &str) -> Result<(), String> {
    let good = text.rsplit_once('@').is_some_and(|(local, domain)| {
        let literal = domain.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
        let domain = match literal {
            Some(address) => super::ip(address.strip_prefix("IPv6:").unwrap_or(address)).is_ok(),
            None => dot_atom(domain),
        };
        dot_atom(local) && domain
    });
    if good {
        Ok(())
    } else {
        Err("no email address: expected one like `admin@example.org`".to_owned())
    }
}

fn dot_atom(text: &str) -> bool {
    let atext = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~".contains(c)
            || (!c.is_ascii() && !c.is_control())
    };
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn an_address_is_one_and_nothing_else() {
        for good in ["a@b", "first.last+tag@example.org", "ä@example.org", "a@[10.0.0.1]"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for wrong in [
            "", "a", "@", "a@", "@b", " a@b", "a@b ", "A <a@b>", "a@b@c", "a..b@c", ".a@b", "a@b.",
            "\"a\"@b",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
