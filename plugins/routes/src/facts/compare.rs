//! Whether a committed facts file still says what the trees say.

use serde_json::{Map, Value};

use super::ClusterFacts;

impl ClusterFacts {
    /// What stands otherwise in `now`, one line each: the list, the entry, and its fields. An empty list and one that is
    /// not given differ in nothing: the trees cannot say which is meant.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let (before, now) = (lists(self), lists(now));
        let mut names: Vec<&String> = before.keys().chain(now.keys()).collect();
        names.sort();
        names.dedup();
        let entries = |lists: &Map<String, Value>, name: &str| {
            lists.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
        };
        names
            .into_iter()
            .flat_map(|name| {
                let changed = changed(&entries(&before, name), &entries(&now, name));
                changed.into_iter().map(move |what| format!("{name}: {what}"))
            })
            .collect()
    }
}

fn lists(facts: &ClusterFacts) -> Map<String, Value> {
    match serde_json::to_value(facts) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn changed(before: &[Value], now: &[Value]) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in now {
        let same = before.iter().filter(|other| named(other) == named(entry));
        match same.clone().find(|other| *other == entry).or_else(|| same.clone().next()) {
            None => lines.push(format!("{} is new", named(entry))),
            Some(other) if other != entry => {
                let fields = fields(other, entry).join(", ");
                lines.push(format!("{} differs in {fields}", named(entry)));
            }
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|entry| !now.iter().any(|other| named(other) == named(entry)));
    lines.extend(gone.map(|entry| format!("{} is gone", named(entry))));
    if lines.is_empty() && before != now {
        lines.push("the order differs".to_owned());
    }
    lines
}

/// `ClusterIssuer letsencrypt`, `dns/external-dns`
fn named(entry: &Value) -> String {
    let text = |field| entry.get(field).and_then(Value::as_str);
    let kind = text("kind").map(|kind| format!("{kind} ")).unwrap_or_default();
    let namespace = text("namespace").map(|namespace| format!("{namespace}/")).unwrap_or_default();
    format!("{kind}{namespace}{}", text("name").unwrap_or_default())
}

fn fields(before: &Value, now: &Value) -> Vec<String> {
    let of = |entry: &Value| entry.as_object().cloned().unwrap_or_default();
    let (before, now) = (of(before), of(now));
    let mut names: Vec<&String> = now.keys().chain(before.keys()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| before.get(*name) != now.get(*name));
    names.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts(value: &Value) -> ClusterFacts {
        serde_json::from_value(value.clone()).unwrap()
    }

    #[test]
    fn each_change_names_its_list_its_entry_and_its_fields() {
        let before = facts(&json!({
            "issuers": [{"kind": "ClusterIssuer", "name": "a"}, {"kind": "Issuer", "namespace": "x", "name": "b"}],
            "externalDns": [{"name": "dns", "namespace": "dns", "version": "0.21.0"}]}));
        let now = facts(&json!({
            "issuers": [{"kind": "ClusterIssuer", "name": "a"}, {"kind": "ClusterIssuer", "name": "c"}],
            "externalDns": [{"name": "dns", "namespace": "dns", "version": "0.22.0", "policy": "sync"}]}));
        assert_eq!(
            before.changes(&now),
            [
                "externalDns: dns/dns differs in policy, version",
                "issuers: ClusterIssuer c is new",
                "issuers: Issuer x/b is gone"
            ]
        );
    }

    #[test]
    fn an_empty_list_is_no_change_against_one_that_is_not_given() {
        let given = facts(&json!({"gateways": []}));
        assert!(given.changes(&ClusterFacts::default()).is_empty());
        assert!(ClusterFacts::default().changes(&given).is_empty());
    }

    #[test]
    fn an_entry_that_stands_once_more_is_a_change() {
        let one = json!({"name": "dns"});
        let (single, double) = (
            facts(&json!({"traefik": [one]})),
            facts(&json!({"traefik": [one, {"name": "dns", "version": "3.7.9"}]})),
        );
        assert!(!single.changes(&double).is_empty());
        assert!(!double.changes(&single).is_empty());
    }
}
