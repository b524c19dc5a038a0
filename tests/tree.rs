//! `apps/` as a whole: every overlay built by the real kustomize without a network, and what must hold in it.

use std::path::Path;
use std::sync::OnceLock;

use apps::{Checkout, Plugins, RULES, Report, World};

use crate::build::root;

const PLEACH: &str = env!("CARGO_BIN_EXE_pleach");

/// The tree with skeletons in place, and what its overlays build to: made once for all tests.
fn tree() -> &'static (Checkout, Plugins, World) {
    static TREE: OnceLock<(Checkout, Plugins, World)> = OnceLock::new();
    TREE.get_or_init(|| {
        let plugins = Plugins::install(Path::new(PLEACH));
        let checkout = Checkout::of(root());
        let world = checkout.world(root(), &plugins);
        (checkout, plugins, world)
    })
}

#[test]
fn every_overlay_builds_without_a_network() {
    let (_, plugins, world) = tree();
    let objects = world.objects().count();
    println!("overlays: {}, objects: {objects}", world.builds.len());
    assert!(world.builds.len() >= 2, "{:?}", world.builds.keys());
    // Where there is no namespace for the network, proxies that nobody answers must do.
    if cfg!(target_os = "linux") {
        assert!(plugins.is_cut_off(), "unshare gives no network namespace");
    }
}

#[test]
fn the_facts_of_the_cluster_are_what_its_trees_say() {
    const FACTS: &str = "apps/_cluster/facts.yaml";
    let (checkout, plugins, _) = tree();
    let overlays = checkout.overlays();
    let overlays = overlays.iter().map(String::as_str).filter(|one| one.starts_with("apps/"));
    let arguments: Vec<&str> = ["facts"].into_iter().chain(overlays).collect();
    let made = plugins.pleach(&checkout.root(), &arguments);
    assert!(made.success, "{}", made.said);
    crate::build::assert_golden(FACTS, &made.stream);
}

#[test]
fn what_reads_a_url_does_not_build_here() {
    let (_, plugins, _) = tree();
    let scratch = test_support::Scratch::new();
    for url in [
        "https://github.com/metallb/metallb//config/native?ref=v0.16.1",
        "https://raw.githubusercontent.com/metallb/metallb/v0.16.1/config/manifests/metallb-native.yaml",
    ] {
        scratch.write("tree/kustomization.yaml", format!("resources: [\"{url}\"]\n"));
        let made = plugins.build(&scratch.join("tree"), ".");
        assert!(!made.success && made.stream.is_empty(), "{url} was read");
    }
}

#[test]
fn every_rule_holds_and_none_looks_at_nothing() {
    let (.., world) = tree();
    let mut broken = Vec::new();
    for rule in RULES {
        let mut report = Report::default();
        (rule.check)(world, &mut report);
        if rule.id == "lock" {
            continue; // `make lock` comes next.
        }
        println!("{:5} {}: {}", report.looked, rule.id, rule.says);
        if report.looked == 0 {
            broken.push(format!("{}: looked at nothing", rule.id));
        }
        broken.extend(report.broken.iter().map(|line| format!("{}: {line}", rule.id)));
    }
    println!("rules: {}", RULES.len());
    assert!(broken.is_empty(), "{} things do not hold:\n{}", broken.len(), broken.join("\n"));
}
