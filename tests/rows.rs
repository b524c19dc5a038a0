//! Every row of the tables that the transformers are built from has a golden case, and every case that names a row
//! names one that there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::build::root;

/// (table of the specification, how many rows it has). The tables: versions of ExternalDNS, where its host and target
/// come from, hosts of Traefik's rules, triggers of cert-manager, attach points of sign-in.
const TABLES: [(&str, usize); 5] = [("0.1", 8), ("1.2", 10), ("1.3", 9), ("2.1", 25), ("3.1", 13)];

/// A row: the function that shows it, and what it says.
struct Row {
    function: String,
    text: String,
}

fn rows() -> BTreeMap<String, Row> {
    let text = fs::read_to_string(root().join("tests/rows.tsv")).expect("tests/rows.tsv");
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 3, "not `id, function, text`: {line}");
        let (id, function, text) = (fields[0], fields[1], fields[2]);
        let row = Row { function: function.to_owned(), text: text.to_owned() };
        assert!(rows.insert(id.to_owned(), row).is_none(), "{id} stands twice");
    }
    rows
}

/// (function, case, id) of every row that a case names.
fn named() -> Vec<(String, String, String)> {
    let mut named = Vec::new();
    for function in fs::read_dir(root().join("tests/cases")).expect("cases").flatten() {
        for case in fs::read_dir(function.path()).into_iter().flatten().flatten() {
            let text = fs::read_to_string(case.path().join("rows")).unwrap_or_default();
            for id in text.lines().map(str::trim).filter(|id| !id.is_empty()) {
                let name = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
                named.push((name(&function), name(&case), id.to_owned()));
            }
        }
    }
    named.sort();
    named
}

#[test]
fn every_row_of_the_tables_has_a_case_and_every_case_a_row_that_there_is() {
    let (rows, named) = (rows(), named());
    let mut shown = BTreeSet::new();
    for (function, case, id) in &named {
        let row =
            rows.get(id).unwrap_or_else(|| panic!("{function}/{case} names {id}, which is no row"));
        assert_eq!(&row.function, function, "{id} is not shown by {function}/{case}");
        shown.insert(id.as_str());
    }
    let lacking: Vec<_> = rows.keys().filter(|id| !shown.contains(id.as_str())).collect();
    assert!(lacking.is_empty(), "no case shows {lacking:?}");
    for (table, least) in TABLES {
        let count = rows.keys().filter(|id| id.starts_with(&format!("{table}-"))).count();
        println!("rows of table {table}: {count}");
        assert!(count >= least, "table {table} has {least} rows, tests/rows.tsv lists {count}");
    }
    assert!(rows.values().all(|row| !row.text.is_empty()));
    println!("rows: {}, shown by {} cases", rows.len(), named.len());
}
