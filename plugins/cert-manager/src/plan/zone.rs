//! Which wildcard certificate serves a host.

use crate::config::Wildcard;
use crate::plan::Object;

/// The wildcard of a zone: `*.qt.rs`.
pub(crate) fn wildcard(zone: &str) -> String {
    format!("*.{zone}")
}

/// The first zone whose wildcard certificate serves a host: the zone itself, or one label in front of it.
pub(crate) fn of<'a>(wildcard: Option<&'a Wildcard>, host: &str) -> Option<&'a str> {
    let above = host.split_once('.').map(|(_, above)| above);
    let zones = wildcard.into_iter().flat_map(|wildcard| &wildcard.zones);
    zones.map(routes::select::Zone::as_str).find(|zone| host == *zone || above == Some(zone))
}

/// The one zone whose wildcard certificate serves all of these hosts.
pub(crate) fn of_all<'a>(wildcard: Option<&'a Wildcard>, hosts: &[String]) -> Option<&'a str> {
    let (first, rest) = hosts.split_first()?;
    let zone = of(wildcard, first)?;
    rest.iter().all(|host| of(wildcard, host) == Some(zone)).then_some(zone)
}

/// The name of the Certificate and of its Secret.
pub(crate) fn secret(config: &str, zone: &str) -> String {
    routes::added::name_for_host(config, &wildcard(zone))
}

impl Object<'_> {
    /// The zones that count for this object: an author's issuer makes no wildcard of ours.
    pub(crate) fn zones(&self) -> Option<&Wildcard> {
        self.settings.wildcard.as_ref().filter(|_| self.ours())
    }
}

/// Whether a certificate for these names serves a host: by its name, or by a wildcard for one label.
pub(crate) fn covers(names: &[String], host: &str) -> bool {
    let above = host.split_once('.').map(|(_, above)| above);
    names.iter().any(|name| {
        name.eq_ignore_ascii_case(host)
            || name
                .strip_prefix("*.")
                .is_some_and(|zone| above.is_some_and(|above| above.eq_ignore_ascii_case(zone)))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wildcard_serves_its_zone_and_one_label_below_it() {
        let wildcard: Wildcard =
            serde_json::from_value(json!({"zones": ["qt.rs", "a.qt.rs"]})).unwrap();
        let of = |host| of(Some(&wildcard), host);
        for (host, zone) in [
            ("qt.rs", Some("qt.rs")),
            ("b.qt.rs", Some("qt.rs")),
            ("*.qt.rs", Some("qt.rs")),
            ("c.a.qt.rs", Some("a.qt.rs")),
            ("b.c.qt.rs", None),
            ("notqt.rs", None),
            ("rs", None),
        ] {
            assert_eq!(of(host), zone, "{host}");
        }
    }

    #[test]
    fn a_wildcard_name_covers_one_label_and_not_its_zone() {
        let names = ["*.qt.rs".to_owned(), "X.example".to_owned()];
        for (host, covered) in [
            ("a.qt.rs", true),
            ("*.qt.rs", true),
            ("qt.rs", false),
            ("a.b.qt.rs", false),
            ("x.example", true),
        ] {
            assert_eq!(covers(&names, host), covered, "{host}");
        }
    }
}
