//! rops agrees with us on every file that it can read. Behind the feature `rops`: `tests/rops/run` builds the reader
//! that this test runs.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    reason = "the modules are shared with the tests of the codec, and used in part here"
)]

#[path = "../support/keys.rs"]
mod keys;
#[path = "../codec/made.rs"]
mod made;
#[path = "../codec/oddities.rs"]
mod oddities;

use serde_json::Value;
use sops::{Format, Sealed};

/// Files that rops must be able to read, or the test has lost its point.
const READ: usize = 15;

#[test]
fn rops_agrees_on_every_file_that_it_can_read() {
    let (scratch, column) = made::age();
    let ours_reads = |format: &str| matches!(format, "yaml" | "json");
    let jobs: Vec<_> = oddities::all().filter(|oddity| ours_reads(oddity.format)).collect();
    let files = made::all(&jobs, |oddity| oddity.make(&scratch, &column));

    let identity = std::fs::read_to_string(scratch.join("age.txt")).expect("a key");
    let identity =
        identity.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).expect("an identity");
    let reader = std::env::var_os("PLEACH_ROPS_READER").expect("run by tests/rops/run");
    let mut rops = scratch.command(reader);
    let output = rops.env("ROPS_AGE", identity).args(&files).output().expect("rops");
    assert!(output.status.success(), "{}", made::stderr(&output));
    let theirs: Vec<Value> = String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(theirs.len(), files.len());

    let mut read = 0;
    let mut wrong = Vec::new();
    for (file, theirs) in files.iter().zip(&theirs) {
        let Some(theirs) = theirs.get("values").map(merged) else { continue };
        read += 1;
        let bytes = std::fs::read(file).expect("a file");
        let sealed = Sealed::parse(&bytes, Format::of_path(file)).expect("a sops file");
        let ours = sealed.open(&column.keyring()).expect("it opens").values().expect("values");
        if !matches!(ours.as_slice(), [ours] if same(ours, &theirs)) {
            wrong.push(format!("{}: {ours:?} and {theirs:?}", file.display()));
        }
    }
    println!("rops: {read} of {} read, {} agree", files.len(), read - wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read >= READ, "rops reads only {read} files");
}

/// With merge keys applied: rops keeps `<<` as a key, and a reader of what sops prints does not.
fn merged(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(merged).collect(),
        Value::Object(map) => {
            let mut out = map.clone();
            let sources = match out.shift_remove("<<") {
                Some(Value::Array(list)) => list,
                source => source.into_iter().collect(),
            };
            for source in sources.iter().filter_map(Value::as_object) {
                for (key, value) in source {
                    out.entry(key).or_insert_with(|| value.clone());
                }
            }
            out.iter().map(|(key, value)| (key.clone(), merged(value))).collect()
        }
        value => value.clone(),
    }
}

/// Equal, but for how a number is spelled: rops keeps `1000.0` where sops prints `1000`.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other
                || one
                    .as_f64()
                    .zip(other.as_f64())
                    .is_some_and(|(one, other)| one.total_cmp(&other).is_eq())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        (one, other) => one == other,
    }
}
