//! The Certificates that are added: one for each Secret that no annotation gives, one for each wildcard.

use std::collections::BTreeMap;
use std::net::IpAddr;

use krm::{Finding, Resource, ResourceList};
use serde_json::{Map, Value, json};

use crate::issuer::IssuerRef;
use crate::keys;
use crate::known::GROUP;
use crate::plan::{Object, zone};
use crate::request::Request;

/// The Certificates to add, by namespace and name.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    wanted: BTreeMap<(String, String), Certificate>,
}

/// A Certificate to add. Its name is that of its Secret: so cert-manager finds it where an annotated object names the
/// Secret, too, and leaves both alone (`metav1.GetControllerOf(existingCrt) == nil` in `sync.go`).
#[derive(Debug)]
struct Certificate {
    issuer: IssuerRef,
    names: Vec<String>,
    labels: BTreeMap<String, String>,
    request: Request,
    /// The places of the items that it is for.
    causes: Vec<usize>,
    why: String,
}

impl Certificates {
    /// One for a Secret of an object: its labels are those of the object, as cert-manager itself copies them.
    pub(crate) fn own(
        &mut self,
        object: &Object<'_>,
        item: &Resource,
        issuer: &IssuerRef,
        (secret, hosts): (&str, &[String]),
    ) {
        let certificate = Certificate {
            issuer: issuer.clone(),
            names: hosts.to_vec(),
            labels: labels(object, Some(item)),
            request: object.request.clone(),
            causes: vec![object.route.item],
            why: object.why(format!("{issuer} signs for {}", object.route.id)),
        };
        self.wanted.insert((object.namespace.clone(), secret.to_owned()), certificate);
    }

    /// The one of a zone and a namespace, for one more object.
    pub(crate) fn wildcard(
        &mut self,
        object: &Object<'_>,
        issuer: &IssuerRef,
        (zone, secret, hosts): (&str, &str, &[String]),
    ) -> Result<(), Box<Finding>> {
        let (labels, request) = (labels(object, None), object.request.clone());
        let key = (object.namespace.clone(), secret.to_owned());
        let known = self.wanted.entry(key).or_insert_with(|| Certificate {
            issuer: issuer.clone(),
            names: vec![zone::wildcard(zone)],
            labels: labels.clone(),
            request: request.clone(),
            causes: Vec::new(),
            why: object.why(format!("{issuer} signs for all hosts of {zone} in this namespace")),
        });
        if known.issuer != *issuer || known.labels != labels || known.request != request {
            return Err(Box::new(
                Finding::error(
                    "two-wildcards",
                    format!("the certificate of *.{zone} in its namespace has another issuer, other labels or other options"),
                )
                .on(object.route.id.clone())
                .hint("select all hosts of a zone by one rule, or leave the zone out of one of them"),
            ));
        }
        known.causes.push(object.route.item);
        if hosts.iter().any(|host| host == zone) && !known.names.iter().any(|name| name == zone) {
            known.names.push(zone.to_owned());
        }
        Ok(())
    }

    /// The names of each, with what decides on its solver.
    pub(crate) fn add(self, list: &mut ResourceList) -> Result<(), Box<Finding>> {
        let made: Vec<(Value, String)> = self
            .wanted
            .into_iter()
            .map(|((namespace, secret), one)| {
                let causes: Vec<&Resource> =
                    one.causes.iter().map(|at| &list.items()[*at]).collect();
                (one.manifest(&namespace, &secret, &causes), one.why)
            })
            .collect();
        for (manifest, why) in made {
            routes::added::ensure(list, manifest, &why)?;
        }
        Ok(())
    }
}

impl Certificate {
    fn manifest(&self, namespace: &str, secret: &str, causes: &[&Resource]) -> Value {
        let address = |name: &&String| name.parse::<IpAddr>().is_ok();
        let (addresses, names): (Vec<&String>, Vec<&String>) = self.names.iter().partition(address);
        let mut spec = Map::new();
        spec.insert("secretName".to_owned(), json!(secret));
        spec.insert("issuerRef".to_owned(), self.issuer.json());
        if !names.is_empty() {
            spec.insert("dnsNames".to_owned(), json!(names));
        }
        let mut request = self.request.spec();
        if !addresses.is_empty() {
            let own = request.get("ipAddresses").and_then(Value::as_array).cloned();
            let all = addresses.iter().map(|one| json!(one)).chain(own.into_iter().flatten());
            let all: Vec<Value> = all.collect();
            request.insert("ipAddresses".to_owned(), json!(all));
        }
        spec.extend(request);
        let namespace = Some(namespace).filter(|namespace| !namespace.is_empty());
        let fields = Map::from_iter([("spec".to_owned(), Value::Object(spec))]);
        let api_version = format!("{GROUP}/v1");
        let kind = (api_version.as_str(), "Certificate");
        let mut manifest = routes::added::object(kind, namespace, secret, causes, fields);
        if !self.labels.is_empty() {
            manifest["metadata"]["labels"] = json!(self.labels);
        }
        manifest
    }
}

/// The labels of a Certificate: those of the object, then the config's for keys that it does not have.
pub(crate) fn labels(object: &Object<'_>, item: Option<&Resource>) -> BTreeMap<String, String> {
    let mut labels = object.settings.labels.clone().unwrap_or_default();
    let own = item.and_then(|item| item.pointer("/metadata/labels")).and_then(Value::as_object);
    for (key, text) in own.into_iter().flatten().filter(|(key, _)| *key != keys::APPLYSET) {
        labels.extend(text.as_str().map(|text| (key.clone(), text.to_owned())));
    }
    labels
}
