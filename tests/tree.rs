//! `apps/` as a whole: every overlay built by the real kustomize without a network, and what must hold in it.

mod bootstrap;
mod fork;
mod goldens;
mod lock;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use apps::lock::Mirror;
use apps::{Checkout, Plugins, RULES, Report, World};

use crate::build::root;

const FACTS: &str = "apps/_cluster/facts.yaml";

/// The tree with skeletons in place, and what its overlays build to.
struct Tree {
    checkout: Checkout,
    plugins: Plugins,
    streams: BTreeMap<String, String>,
    world: World,
}

/// Made once for all tests.
fn tree() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(|| {
        let plugins = Plugins::install(Path::new(env!("CARGO_BIN_EXE_pleach")));
        let checkout = Checkout::of(root());
        if std::env::var_os("UPDATE").is_some() {
            let facts = checkout.renew_facts(&plugins);
            std::fs::write(root().join(FACTS), facts).expect("writes");
        }
        let streams = checkout.streams(&plugins);
        let world = World::of(root(), &streams);
        Tree { checkout, plugins, streams, world }
    })
}

/// The files below a folder.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries
        .flat_map(
            |entry| if entry.path().is_dir() { walk(&entry.path()) } else { vec![entry.path()] },
        )
        .collect()
}

#[test]
fn every_overlay_builds_without_a_network() {
    let Tree { plugins, world, .. } = tree();
    println!("overlays: {}, objects: {}", world.builds.len(), world.objects().count());
    assert!(world.builds.len() >= 9, "{:?}", world.builds.keys());
    // Where there is no namespace for the network, proxies that nobody answers must do.
    if cfg!(target_os = "linux") {
        assert!(plugins.is_cut_off(), "unshare gives no network namespace");
    }
}

#[test]
fn the_other_throw_away_key_alone_opens_the_tree_as_well() {
    let Tree { checkout, plugins, streams, .. } = tree();
    let key = root().join("tests/keys/throw-away-cv25519.asc");
    for (overlay, stream) in streams {
        let made = plugins.build_with_key(&checkout.root(), overlay, "PLEACH_PGP_KEY_FILE", &key);
        assert!(made.success, "{overlay}: {}", made.said);
        assert_eq!(made.stream, *stream, "{overlay}");
    }
}

#[test]
fn without_a_key_what_has_secrets_does_not_build_and_prints_nothing() {
    let Tree { checkout, plugins, world, .. } = tree();
    let stranger = root().join("tests/keys/throw-away-age-stranger.txt");
    let mut refused = 0;
    for (overlay, objects) in &world.builds {
        let made =
            plugins.build_with_key(&checkout.root(), overlay, "SOPS_AGE_KEY_FILE", &stranger);
        let has_secrets = objects.iter().any(|one| one.kind() == "Secret");
        assert_eq!(made.success, !has_secrets, "{overlay}: {}", made.said);
        assert!(!has_secrets || made.stream.is_empty(), "{overlay} prints something");
        refused += usize::from(has_secrets);
    }
    println!("overlays with Secrets: {refused}");
    assert!(refused >= 4, "{refused}");
}

#[test]
fn what_reads_a_url_does_not_build_here() {
    let scratch = test_support::Scratch::new();
    for url in [
        "https://github.com/metallb/metallb//config/native?ref=v0.16.1",
        "https://raw.githubusercontent.com/metallb/metallb/v0.16.1/config/manifests/metallb-native.yaml",
    ] {
        scratch.write("tree/kustomization.yaml", format!("resources: [\"{url}\"]\n"));
        let made = tree().plugins.build(&scratch.join("tree"), ".");
        assert!(!made.success && made.stream.is_empty(), "{url} was read");
    }
}

#[test]
fn the_facts_of_the_cluster_are_what_its_trees_say() {
    let facts = Checkout::of(root()).renew_facts(&tree().plugins);
    let committed = std::fs::read_to_string(root().join(FACTS)).expect("the facts");
    assert_eq!(facts, committed, "{FACTS} is stale: `make update` rewrites it");
    // They stay what they are when they are derived with themselves.
    let Tree { checkout, plugins, streams, .. } = tree();
    let overlays = streams.keys().map(String::as_str).filter(|one| one.starts_with("apps/"));
    let arguments: Vec<&str> = ["facts", "--check", FACTS].into_iter().chain(overlays).collect();
    let checked = plugins.pleach(&checkout.root(), &arguments);
    assert!(checked.success, "{}", checked.said);
}

#[test]
fn every_rule_holds_and_none_looks_at_nothing() {
    let mut broken = Vec::new();
    for rule in RULES {
        let mut report = Report::default();
        (rule.check)(&tree().world, &mut report);
        println!("{:5} {}: {}", report.looked, rule.id, rule.says);
        if report.looked == 0 {
            broken.push(format!("{}: looked at nothing", rule.id));
        }
        broken.extend(report.broken.iter().map(|line| format!("{}: {line}", rule.id)));
    }
    println!("rules: {}", RULES.len());
    assert!(broken.is_empty(), "{} things do not hold:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_rule_holds_with_the_real_upstream_in_the_place_of_its_skeleton_too() {
    let (checkout, real) = Checkout::with_upstream(root(), &Mirror::at_hand());
    let world = World::of_upstream(root(), &checkout.streams(&tree().plugins));
    let broken = RULES.iter().flat_map(|rule| {
        let mut report = Report::default();
        (rule.check)(&world, &mut report);
        report.broken.into_iter().map(|line| format!("{}: {line}", rule.id))
    });
    let broken: Vec<String> = broken.collect();
    println!("with the real upstream: {}; objects: {}", real.join(", "), world.objects().count());
    assert!(real.len() >= 2, "{real:?}");
    assert!(broken.is_empty(), "{} things do not hold:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_exception_is_of_a_list_that_a_rule_reads() {
    let lists: Vec<&str> = tree().world.exceptions.lists().collect();
    for list in &lists {
        let sources = root().join("tests/apps/src/rule");
        let read = std::fs::read_dir(sources).expect("the rules").flatten().any(|file| {
            let text = std::fs::read_to_string(file.path()).expect("text");
            text.contains(&format!("\"{list}\""))
        });
        assert!(read, "no rule reads {list}");
    }
    println!("lists of exceptions: {}", lists.len());
}
