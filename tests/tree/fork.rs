//! A fork: another cluster's values in `apps/_cluster/cluster.yaml`, and nothing else by hand.

use std::collections::BTreeMap;
use std::fs;

use apps::{Checkout, RULES, Report, World};

use super::{Tree, tree};
use crate::build::root;

const VALUES: &str = "apps/_cluster/cluster.yaml";

/// What stands in the values of this cluster, and what in those of the other.
const OTHER: [(&str, &str); 8] = [
    ("qt.rs", "example.org"),
    ("k8s-qt-rs", "other-cluster"),
    ("letsencrypt-", "acme-"),
    ("hostmaster", "postmaster"),
    ("1.1.1.1:53,9.9.9.9:53", "8.8.8.8:53,8.8.4.4:53"),
    ("192.168.168", "172.16.5"),
    ("10.233.64", "10.77.64"),
    ("infra", "platform"),
];

/// Whether a text holds a value as a word of its own.
fn holds(text: &str, value: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
    text.match_indices(value).any(|(at, _)| {
        let (before, after) =
            (text[..at].chars().next_back(), text[at + value.len()..].chars().next());
        !is_word(before) && !is_word(after)
    })
}

#[test]
fn a_fork_that_changes_the_clusters_values_alone_builds_another_cluster_and_every_rule_holds() {
    let Tree { plugins, world: ours, .. } = tree();
    let fork = Checkout::of(root());
    let path = fork.root().join(VALUES);
    let mut values = fs::read_to_string(&path).expect("the values");
    for (here, there) in OTHER {
        assert!(values.contains(here), "{here} is no value of this cluster");
        values = values.replace(here, there);
    }
    fs::write(&path, values).expect("writes");
    // As `make update` does.
    fork.renew_facts(plugins);

    let streams: BTreeMap<String, String> = fork.streams(plugins);
    let mut world = World::of(root(), &streams);
    for file in ["cluster.yaml", "facts.yaml", "hosts.yaml"] {
        let file = format!("apps/_cluster/{file}");
        let text = fs::read_to_string(fork.root().join(&file)).expect("text");
        world.files.insert(file, text);
    }
    let now = world.cluster();
    let changed: Vec<(String, String)> =
        ours.cluster().into_iter().filter(|(name, value)| now.get(name) != Some(value)).collect();
    for (name, value) in &changed {
        for value in value.split(',') {
            for (overlay, stream) in &streams {
                assert!(!holds(stream, value), "{overlay} still holds {name}: {value}");
            }
        }
    }
    println!("values of the cluster: {}, changed in the fork: {}", now.len(), changed.len());
    assert!(changed.len() * 3 >= now.len() * 2, "{} of {}", changed.len(), now.len());

    let broken = RULES.iter().flat_map(|rule| {
        let mut report = Report::default();
        (rule.check)(&world, &mut report);
        report.broken.into_iter().map(|line| format!("{}: {line}", rule.id))
    });
    let broken: Vec<String> = broken.collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
