//! What the tree builds to, for a person who reads a diff: some apps in full, the others as a summary. No value of a
//! Secret is in either.

use apps::{saved, summary};
use serde_json::{Value, json};

use super::{Tree, tree};
use crate::build::{assert_golden, root};

/// Apps whose output stands there in full.
const FULL: [&str; 2] = ["apps/oauth2-proxy/overlays/prod", "apps/whoami/overlays/prod"];

fn golden(overlay: &str, ending: &str) -> String {
    let app = overlay.strip_prefix("apps/").and_then(|rest| rest.strip_suffix("/overlays/prod"));
    format!("tests/apps/golden/{}.{ending}", app.unwrap_or("applications"))
}

/// The documents of a stream as they are; a Secret with the length of each value in its place.
fn masked(stream: &str) -> String {
    let documents = stream.split("---\n").map(|document| {
        let mut values = yaml::values(document.as_bytes()).expect("YAML");
        let object = values.first_mut().expect("an object");
        if object["kind"] != "Secret" {
            return document.to_owned();
        }
        for field in ["data", "stringData"] {
            for (_, value) in
                object.get_mut(field).and_then(Value::as_object_mut).into_iter().flatten()
            {
                *value =
                    json!(format!("({} characters)", value.as_str().unwrap_or_default().len()));
            }
        }
        krm::to_yaml(object)
    });
    documents.collect::<Vec<_>>().join("---\n")
}

#[test]
fn whoami_and_oauth2_proxy_come_out_in_full_as_committed() {
    for overlay in FULL {
        assert_golden(&golden(overlay, "yaml"), &masked(&tree().streams[overlay]));
    }
}

#[test]
fn the_issuers_of_cert_manager_come_out_in_full_as_committed() {
    let stream = &tree().streams["apps/cert-manager/overlays/prod"];
    let issuers: Vec<&str> = stream
        .split("---\n")
        .filter(|document| document.contains("\nkind: ClusterIssuer\n"))
        .collect();
    assert_eq!(issuers.len(), 2);
    assert_golden("tests/apps/golden/issuers.yaml", &issuers.join("---\n"));
}

#[test]
fn every_other_overlay_comes_out_as_its_summary_says() {
    let Tree { world, .. } = tree();
    let others: Vec<&String> =
        world.builds.keys().filter(|one| !FULL.contains(&one.as_str())).collect();
    for overlay in &others {
        assert_golden(&golden(overlay, "txt"), &summary(world, overlay));
    }
    println!("in full: {}, as a summary: {}", FULL.len(), others.len());
    assert_eq!(FULL.len() + others.len(), world.builds.len());
}

#[test]
fn no_value_of_a_secret_stands_in_a_golden() {
    let Tree { world, .. } = tree();
    let folder = root().join("tests/apps/golden");
    let goldens = std::fs::read_dir(folder).expect("goldens").flatten();
    let goldens: Vec<String> =
        goldens.map(|file| std::fs::read_to_string(file.path()).expect("text")).collect();
    let mut values = 0;
    for secret in world.of_kind("Secret") {
        let maps =
            ["data", "stringData"].iter().filter_map(|field| secret.value.get(*field)?.as_object());
        for value in maps.flat_map(|map| map.values()).filter_map(Value::as_str) {
            values += 1;
            let shown = goldens.iter().any(|golden| golden.contains(value));
            assert!(value.is_empty() || !shown, "{}", secret.id());
        }
    }
    println!("values of Secrets: {values}, goldens: {}", goldens.len());
    assert!(values >= 7 && goldens.len() >= 9, "{values} values, {} goldens", goldens.len());
}

#[test]
fn the_readme_of_the_tree_counts_what_the_functions_saved() {
    let saved = saved(&tree().world);
    let said = format!(
        "The functions write {} values into {} routes, and add {} objects: nobody writes a DNS target, an issuer, a `tls`\n\
         block, a certificate or a middleware by hand.\n",
        saved.values, saved.routes, saved.objects
    );
    let path = "apps/README.md";
    let text = std::fs::read_to_string(root().join(path)).expect("the README");
    let (start, end) =
        ("<!-- saved: derived, `make update` rewrites it -->\n", "<!-- /saved -->\n");
    let (before, rest) = text.split_once(start).expect("a mark");
    let (_, after) = rest.split_once(end).expect("its end");
    assert_golden(path, &format!("{before}{start}{said}{end}{after}"));
    assert!(saved.values >= 20 && saved.objects >= 2, "{saved:?}");
}
