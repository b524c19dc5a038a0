//! `apps/upstream.lock.yaml` and the skeletons, held against upstream as far as it is at hand: the mirror that
//! `make tools` makes of Go modules, or the one that `UPSTREAM_MIRROR` names.

use apps::lock::{self, Mirror};
use test_support::Scratch;

use crate::build::root;

#[test]
fn every_skeleton_within_reach_is_a_part_of_the_real_upstream() {
    let skeletons = lock::skeletons(root(), &Mirror::at_hand());
    println!("{}", skeletons.line());
    assert!(skeletons.wrong.is_empty(), "{}", skeletons.wrong.join("\n"));
    for app in ["argocd", "cert-manager", "metallb"] {
        assert!(skeletons.checked.iter().any(|one| one == app), "{app} was not checked");
    }
}

#[test]
fn the_lock_says_what_the_real_upstream_renders_to() {
    let (lines, wrong) = lock::verified(root(), &Mirror::at_hand());
    println!("{}", lines.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lines.iter().filter(|line| line.contains(": the same, ")).count() >= 2);
}

/// A tree of one app, whose lock says what is given.
fn small(lock: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write(
        "apps/metallb/upstream/kustomization.yaml",
        "resources: [\"https://github.com/metallb/metallb//config/native?ref=v0.16.1\"]\n",
    );
    scratch.write("apps/upstream.lock.yaml", lock);
    scratch
}

#[test]
fn a_written_lock_is_verified_and_written_again_as_it_stands() {
    let scratch = small("");
    let (text, lines) = lock::written(scratch.path(), &Mirror::at_hand());
    assert_eq!(lines, ["metallb: 26 objects"]);
    lock::write(scratch.path(), &text);
    assert_eq!(lock::verified(scratch.path(), &Mirror::at_hand()).1, Vec::<String>::new());
    // Where nothing is at hand what was locked stays.
    let nowhere = Mirror::at(&scratch.dir("nowhere"));
    let (again, lines) = lock::written(scratch.path(), &nowhere);
    assert_eq!(again, text);
    assert_eq!(lines, ["metallb: kept: the mirror has no metallb/metallb"]);
}

#[test]
fn a_lock_of_other_content_is_told() {
    let scratch = small("");
    let (text, _) = lock::written(scratch.path(), &Mirror::at_hand());
    let digest = text.split("sha256: \"").nth(1).and_then(|rest| rest.get(..64)).expect("a digest");
    lock::write(scratch.path(), &text.replace(digest, &"0".repeat(64)));
    let (_, wrong) = lock::verified(scratch.path(), &Mirror::at_hand());
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].contains("the lock says 0000"), "{wrong:?}");
}

#[test]
fn what_is_out_of_reach_is_said_and_never_locked() {
    let scratch = small("");
    let nowhere = Mirror::at(&scratch.dir("nowhere"));
    let (text, lines) = lock::written(scratch.path(), &nowhere);
    assert!(text.ends_with("  unlocked: the mirror has no metallb/metallb\n"), "{text}");
    assert_eq!(lines, ["metallb: not locked: the mirror has no metallb/metallb"]);
    let skeletons = lock::skeletons(scratch.path(), &nowhere);
    assert_eq!(skeletons.line(), "skeletons: 0 checked, 1 not checked (metallb)");
    let place = scratch.path().display().to_string();
    assert!(!text.contains(&place) && !lines.join("").contains(&place));
}
