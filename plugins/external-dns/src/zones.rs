//! `zones`: the allow-list of what is published.

use routes::select::Zone;

/// How the hosts of an object lie to the zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inside {
    /// All of them are published, as far as they are known.
    All,
    /// None of them is.
    None,
    /// Some are: (inside, outside).
    Some(Vec<String>, Vec<String>),
}

/// Compares; without zones everything is published.
pub(crate) fn inside(zones: &[Zone], hosts: &[&str], others: bool) -> Inside {
    if zones.is_empty() || hosts.is_empty() {
        return Inside::All;
    }
    let held = |host: &&&str| zones.iter().any(|zone| zone.holds(host));
    let owned = |hosts: Vec<&&str>| hosts.into_iter().map(|host| (*host).to_owned()).collect();
    let (inside, outside): (Vec<&&str>, Vec<&&str>) = hosts.iter().partition(held);
    match (inside.is_empty(), outside.is_empty()) {
        (_, true) => Inside::All,
        // Hosts that are not known may be inside.
        (true, false) if !others => Inside::None,
        _ => Inside::Some(owned(inside), owned(outside)),
    }
}
