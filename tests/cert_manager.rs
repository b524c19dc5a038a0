//! The golden cases of `CertManager` in front of cert-manager itself: `tests/tools/cert-manager-oracle` runs its certificate
//! shim and its webhook over what comes out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/cert-manager");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    cases
}

fn read(file: &Path) -> Vec<Value> {
    yaml::values(&fs::read(file).unwrap()).unwrap()
}

/// What cert-manager makes of these objects: each with its answer.
fn asked(objects: Vec<Value>) -> Vec<(Value, Value)> {
    let oracle = test_support::tool("cert-manager-oracle", "pleach-oracle");
    let mut child =
        Command::new(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let question = serde_json::to_vec(&Value::Array(objects.clone())).unwrap();
    child.stdin.take().unwrap().write_all(&question).unwrap();
    let answer = child.wait_with_output().unwrap();
    assert!(answer.status.success());
    let answers: Vec<Value> = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(answers.len(), objects.len());
    objects.into_iter().zip(answers).collect()
}

fn name(case: &Path) -> String {
    case.file_name().unwrap().to_string_lossy().into_owned()
}

/// `namespace/name` of an object.
fn id(object: &Value) -> String {
    let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
    format!("{}/{}", text("namespace"), text("name"))
}

#[test]
fn cert_manager_refuses_nothing_of_what_comes_out() {
    let mut certificates = 0;
    for case in cases() {
        let expected = case.join("expected.yaml");
        if !expected.is_file() {
            continue;
        }
        let said = fs::read_to_string(case.join("warning.txt")).unwrap_or_default();
        let mut secrets: Vec<(String, String)> = Vec::new();
        for (object, answer) in asked(read(&expected)) {
            let (case, id) = (name(&case), id(&object));
            // What an author leaves out is nobody's word but his.
            if object["metadata"]["annotations"]["pleach.dev/cert-manager"] == "skip" {
                continue;
            }
            assert_eq!(answer["error"], "", "{case}: {id}");
            assert_eq!(answer["refused"], "", "{case}: {id}");
            for event in answer["events"].as_array().into_iter().flatten() {
                let event = event.as_str().unwrap();
                let known = said.contains(id.trim_start_matches('/'));
                assert!(!event.contains("BadConfig") || known, "{case}: {id}: {event}");
            }
            let own = (object["kind"] == "Certificate").then_some(&object);
            let made = answer["certificates"].as_array().into_iter().flatten();
            for certificate in made.chain(own) {
                certificates += 1;
                let namespace = certificate["metadata"]["namespace"].as_str().unwrap_or_default();
                let secret = certificate["spec"]["secretName"].as_str().unwrap();
                let key = (namespace.to_owned(), secret.to_owned());
                assert!(!secrets.contains(&key), "{case}: two Certificates for {key:?}");
                secrets.push(key);
            }
        }
        // Every Secret that a TLS block, a listener or an IngressRoute got here has a certificate.
        let (before, after) = (named(&read(&case.join("input.yaml"))), named(&read(&expected)));
        for key in after.iter().filter(|key| !before.contains(key)) {
            assert!(secrets.contains(key), "{}: no certificate for {key:?}", name(&case));
        }
    }
    println!("certificates: {certificates}");
    assert!(certificates > 50, "the cases were not read");
}

/// The Secrets that routes name.
fn named(objects: &[Value]) -> Vec<(String, String)> {
    let mut secrets = Vec::new();
    for object in objects.iter().filter(|object| object["kind"] != "Certificate") {
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
        let spec = &object["spec"];
        let blocks = spec["tls"].as_array().into_iter().flatten().map(|block| &block["secretName"]);
        let listeners = spec["listeners"].as_array().into_iter().flatten();
        let references = listeners
            .filter_map(|listener| listener["tls"]["certificateRefs"].as_array())
            .flatten()
            .map(|reference| &reference["name"]);
        let route = spec["tls"].get("secretName");
        for secret in blocks.chain(references).chain(route).filter_map(Value::as_str) {
            secrets.push((namespace.to_owned(), secret.to_owned()));
        }
    }
    secrets
}

#[test]
fn cert_manager_makes_no_certificate_where_a_value_is_refused() {
    let mut refused = 0;
    for case in cases().into_iter().filter(|case| name(case).starts_with("error-annotation-")) {
        let mut objects = read(&case.join("input.yaml"));
        for object in &mut objects {
            object["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] = json!("le");
        }
        for (object, answer) in asked(objects) {
            let no = answer["error"] != "" || answer["refused"] != "";
            assert!(no, "{}: cert-manager takes {object}", name(&case));
            refused += 1;
        }
    }
    println!("refused values: {refused}");
    assert!(refused >= 15, "the cases were not read");
}

#[test]
fn cert_manager_does_nothing_where_an_object_is_refused() {
    let mut refused = 0;
    for case in [
        "two-issuers",
        "cluster-issuer-with-kind",
        "cluster-issuer-with-group",
        "issuer-kind-alone",
        "no-tls-block",
        "tls-block-without-hosts",
        "tls-block-without-secret",
        "secret-twice",
        "skipped-listener",
        "no-tls-listener",
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/cert-manager");
        for (object, answer) in asked(read(&folder.join(format!("error-{case}/input.yaml")))) {
            let made = answer["certificates"].as_array().map_or(0, Vec::len);
            assert_eq!(made, 0, "{case}: cert-manager makes something of {object}");
            refused += 1;
        }
    }
    println!("refused objects: {refused}");
}
