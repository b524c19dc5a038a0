//! The bill of materials: the same twice, closed, and every crate with its licence.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use test_support::machine;

use crate::build::{built, root};

fn sbom() -> String {
    let mut command = Command::new(machine("python3"));
    built(&command.arg(root().join("tests/image/sbom")).output().unwrap())
}

#[test]
fn the_bill_of_materials_is_deterministic_closed_and_names_every_licence() {
    let text = sbom();
    assert_eq!(text, sbom(), "the same sources give the same bytes");
    let bill: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    assert_eq!(bill["metadata"]["component"]["name"], "pleach");
    let of = |list: &str, key: &str| -> BTreeSet<String> {
        let all = bill[list].as_array().unwrap();
        all.iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
    };
    let mut components = of("components", "bom-ref");
    println!("the static binary links {} crates", components.len());
    assert!(components.len() > 100 && components.contains("pkg:cargo/pleach-sops@0.1.0"));
    components.insert(bill["metadata"]["component"]["bom-ref"].as_str().unwrap().to_owned());
    assert_eq!(of("dependencies", "ref"), components);
    for dependency in bill["dependencies"].as_array().unwrap() {
        for needed in dependency["dependsOn"].as_array().unwrap() {
            assert!(components.contains(needed.as_str().unwrap()), "{needed}");
        }
    }
    for component in bill["components"].as_array().unwrap() {
        let name = component["name"].as_str().unwrap();
        assert!(component["licenses"][0]["expression"].is_string(), "{name}");
        assert!(component["hashes"].is_array() || name.starts_with("pleach-"), "{name}");
        for procedural in ["serde_derive", "clap_derive", "thiserror-impl"] {
            assert_ne!(name, procedural, "a macro is not linked");
        }
    }
    assert!(!text.contains(&root().display().to_string()), "it names no machine");
}
