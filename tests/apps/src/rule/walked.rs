//! The walker's table is whole: a field whose name says that it refers to something has a row, or is listed as no reference
//! to an object of a tree.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Report;
use crate::walk::ROWS;
use crate::{Object, World};

/// Names of fields that hold a name of another object, beside those that end in `Ref`.
const NAMES: [&str; 12] = [
    "claimName",
    "configMapName",
    "ingressClassName",
    "issuerName",
    "keySecret",
    "middlewares",
    "priorityClassName",
    "secretName",
    "serviceAccount",
    "serviceAccountName",
    "serviceName",
    "storageClassName",
];

pub(super) fn check(world: &World, report: &mut Report) {
    let mut found = BTreeSet::new();
    for object in world.objects().filter(|one| one.kind() != "CustomResourceDefinition") {
        fields(object, &object.value, "", &mut found);
    }
    for (kind, at) in found {
        report.look();
        let has_row = ROWS.iter().any(|row| {
            let whole = format!("{}{}", row.at, row.name);
            row.kind == kind && (whole == at || row.at == at || row.at == format!("{at}/*"))
        });
        if !has_row {
            let name = format!("{kind} {at}");
            report.refuse_unless_excepted(
                world,
                "no-references",
                &name,
                &name,
                "no row of the walker's table",
            );
        }
    }
    report.refuse_idle_exceptions(world, "no-references");
}

/// The pointers of such fields, with `*` for every index; from the spec of a pod where an object makes one.
fn fields(object: &Object, value: &Value, at: &str, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let place = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                if key.ends_with("Ref") || NAMES.contains(&key.as_str()) {
                    found.insert(pattern(object, &place));
                }
                fields(object, value, &place, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                fields(object, item, &format!("{at}/*"), found);
            }
        }
        _ => {}
    }
}

fn pattern(object: &Object, at: &str) -> (String, String) {
    let pod = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
    let within = object.pod().and_then(|_| pod.iter().find_map(|start| at.strip_prefix(start)));
    match within {
        Some(rest) => ("Pod".to_owned(), rest.to_owned()),
        None => (object.kind().to_owned(), at.to_owned()),
    }
}
