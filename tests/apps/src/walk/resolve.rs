//! Resolves the references of the table.

use serde_json::Value;

use super::index::{Index, id, keys};
use super::rows::{Part, ROWS, Row, Within};
use super::written;
use crate::object::{everything_at, is_namespaced, list, text};
use crate::{Object, World};

/// A reference to what is not there.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing {
    /// Who refers.
    pub who: String,
    /// Where in it.
    pub at: String,
    /// What is not there.
    pub what: String,
}

/// Every reference that leads nowhere, and how many there are in all.
#[must_use]
pub fn dangling(world: &World) -> (Vec<Missing>, usize) {
    let index = Index::new(world);
    let mut walk = Walk { index: &index, missing: Vec::new(), seen: 0 };
    for object in world.objects() {
        for row in ROWS {
            walk.row(object, row);
        }
        for reference in written::references(object) {
            walk.one(object, &reference.at, &reference.target);
        }
    }
    (walk.missing, walk.seen)
}

/// What a reference names.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) keys: Vec<String>,
    pub(super) port: Option<Value>,
}

struct Walk<'a> {
    index: &'a Index<'a>,
    missing: Vec<Missing>,
    seen: usize,
}

impl Walk<'_> {
    fn row(&mut self, object: &Object, row: &Row) {
        let value = match row.kind {
            "Pod" => object.pod().map(|(_, spec)| spec),
            kind => (object.kind() == kind).then_some(&object.value),
        };
        for (at, reference) in value.map(|value| everything_at(value, row.at)).unwrap_or_default() {
            if reference.get("optional") == Some(&Value::Bool(true)) {
                continue;
            }
            let Some(target) = target(object, row, reference) else { continue };
            self.one(object, &at, &target);
        }
    }

    fn one(&mut self, object: &Object, at: &str, target: &Target) {
        self.seen += 1;
        let Target { kind, namespace, name, .. } = target;
        let found = match name.strip_suffix("@kubernetescrd") {
            Some(id) => self.index.provided(kind, id),
            None => self.index.find(kind, namespace, name).to_vec(),
        };
        let id = id(kind, namespace, name);
        let mut miss = |what: String| {
            self.missing.push(Missing { who: object.id(), at: at.to_owned(), what });
        };
        if found.is_empty() {
            if !self.index.is_elsewhere(kind, namespace, name) {
                miss(format!("no {id}"));
            }
            return;
        }
        for key in &target.keys {
            if !found.iter().any(|one| keys(one).contains(&key.as_str())) {
                miss(format!("{id} has no key {key}"));
            }
        }
        if let Some(port) = &target.port
            && kind == "Service"
            && !found.iter().any(|one| has_port(one, port))
        {
            miss(format!("{id} has no port {port}"));
        }
    }
}

fn has_port(service: &Object, port: &Value) -> bool {
    list(&service.value, "/spec/ports").iter().any(|one| {
        let name = one.get("name");
        match port {
            Value::String(text) => {
                name == Some(port)
                    || one["port"].as_u64().is_some_and(|one| text.parse() == Ok(one))
            }
            number => one.get("port") == Some(number),
        }
    })
}

/// What a row of the table names here; nothing where it is no reference to an object of a tree.
fn target(object: &Object, row: &Row, reference: &Value) -> Option<Target> {
    let name = if row.name.is_empty() { reference.as_str()? } else { text(reference, row.name) };
    let kind = match row.to.split_once(':') {
        Some((at, default)) => {
            Some(text(reference, at)).filter(|kind| !kind.is_empty()).unwrap_or(default)
        }
        None if row.to.starts_with('/') => text(reference, row.to),
        None => row.to,
    };
    // People are not objects, and Traefik's own services (`api@internal`) are none either.
    let outside =
        matches!(kind, "User" | "Group") || (kind == "TraefikService" && name.contains('@'));
    // An Ingress may leave the certificate to its controller.
    if outside || name.is_empty() {
        return None;
    }
    let own = match object.namespace() {
        "" => "default",
        namespace => namespace,
    };
    let namespace = match row.within {
        _ if !is_namespaced(kind) => "",
        Within::Fixed(namespace) => namespace,
        Within::Named(at) => {
            Some(text(reference, at)).filter(|named| !named.is_empty()).unwrap_or(own)
        }
        Within::Own => own,
    };
    let keys = match row.part {
        Part::Key(at) => everything_at(reference, at)
            .into_iter()
            .filter_map(|(_, key)| Some(key.as_str()?.to_owned()))
            .collect(),
        _ => Vec::new(),
    };
    let port = match row.part {
        Part::Port(at) => reference.pointer(at).map(|port| match port {
            Value::Object(map) => {
                map.get("name").or_else(|| map.get("number")).unwrap_or(port).clone()
            }
            port => port.clone(),
        }),
        _ => None,
    };
    let (kind, namespace, name) = (kind.to_owned(), namespace.to_owned(), name.to_owned());
    Some(Target { kind, namespace, name, keys, port })
}
