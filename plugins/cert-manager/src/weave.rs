//! Weaves: surveys all objects, checks who writes which Secret, and then changes them.

use krm::{Finding, Loader, Resource, ResourceList};
use routes::{Facts, Kind, Routes, foreign};

use crate::certificates::{self, Certificates};
use crate::config::CertManager;
use crate::ledger::Ledger;
use crate::plan::{self, Edit, Object, Way};
use crate::traefik;
use crate::verify::{self, Signed};

impl CertManager {
    /// Gives the objects of these kinds their certificates.
    pub fn weave(
        self,
        kinds: &[Kind],
        list: &mut ResourceList,
        loader: &Loader,
    ) -> Result<(), Box<Finding>> {
        self.check()?;
        let facts = Facts::gather(list, self.facts.as_deref(), loader)?;
        let routes = Routes::read(list, kinds, &facts);
        let mut said = foreign::findings(list);
        let objects = plan::survey(&self, &routes, &facts, list, &mut said)?;
        let ledger = Ledger::of(&objects, list);
        ledger.check(&mut said)?;
        let mut certificates = Certificates::default();
        let mut changes = Vec::new();
        for (at, object) in objects.iter().enumerate().filter(|(_, object)| !object.left) {
            let item = &list.items()[object.route.item];
            if object.plan.way == Way::Certificate {
                said.extend(object.route.problems.iter().cloned());
            }
            let mut edits = one(at, object, item, (&ledger, &facts), &mut certificates, &mut said)?;
            edits.extend(traefik::edits(object, item, &facts, &mut said)?);
            changes.push((object.route.item, edits));
        }
        drop(ledger);
        let items = list.items_mut();
        for (at, edits) in changes {
            for Edit { pointer, value, insert, why } in edits {
                if insert {
                    items[at].insert(&pointer, value, &why)?;
                } else {
                    items[at].set(&pointer, value, &why)?;
                }
            }
        }
        certificates.add(list)?;
        for finding in said {
            list.say(finding);
        }
        Ok(())
    }
}

/// The edits of one object; Certificates go to the others.
fn one(
    at: usize,
    object: &Object<'_>,
    item: &Resource,
    (ledger, facts): (&Ledger<'_>, &Facts),
    certificates: &mut Certificates,
    said: &mut Vec<Finding>,
) -> Result<Vec<Edit>, Box<Finding>> {
    let plan = &object.plan;
    let asked = object.asked();
    if let Some(why) = plan.rejected.as_ref().filter(|_| asked) {
        return Err(rejected(object, why));
    }
    let owned = |secret: &str| ledger.owns(at, object, secret);
    let annotated = match plan.way {
        Way::Annotations => {
            asked
                || object.ours()
                    && plan.rejected.is_none()
                    && plan.groups.iter().all(|group| owned(&group.secret))
        }
        Way::Filled => object.issuer.is_some(),
        Way::None | Way::Certificate => false,
    };
    let mut edits: Vec<Edit> = Vec::new();
    edits.extend(plan.edits.iter().map(|edit| Edit {
        pointer: edit.pointer.clone(),
        value: edit.value.clone(),
        insert: edit.insert,
        why: edit.why.clone(),
    }));
    if annotated {
        if plan.way == Way::Annotations && !object.route_reads_blocks() {
            if plan.groups.is_empty() {
                return Ok(edits);
            }
            verify::gateways(object, facts, said)?;
        }
        annotate(object, item, &mut edits)?;
        if let Some(issuer) = &object.issuer {
            let hosts = plan.groups.iter().flat_map(|group| group.hosts.iter().map(String::as_str));
            let own = object.route.own_hosts();
            let hosts = if plan.way == Way::Filled { own } else { hosts.collect() };
            let labels = certificates::labels(object, Some(item));
            verify::issuer(&Signed { object, issuer, hosts, labels }, facts, said)?;
        }
        return Ok(edits);
    }
    let Some(issuer) = &object.issuer else { return Ok(edits) };
    for group in &plan.groups {
        let hosts = (group.secret.as_str(), group.hosts.as_slice());
        let labels = match &group.zone {
            Some(zone) => {
                certificates.wildcard(object, issuer, (zone, hosts.0, hosts.1))?;
                certificates::labels(object, None)
            }
            None if owned(&group.secret) => {
                certificates.own(object, item, issuer, hosts);
                certificates::labels(object, Some(item))
            }
            None => continue,
        };
        let wildcard = group.zone.as_deref().map(plan::zone::wildcard);
        let apex = group.zone.iter().filter(|zone| group.hosts.contains(zone));
        let hosts: Vec<&str> = match &wildcard {
            Some(wildcard) => {
                std::iter::once(wildcard.as_str()).chain(apex.map(String::as_str)).collect()
            }
            None => group.hosts.iter().map(String::as_str).collect(),
        };
        verify::issuer(&Signed { object, issuer, hosts, labels }, facts, said)?;
    }
    Ok(edits)
}

/// The annotations and labels of an object that a controller reads.
fn annotate(
    object: &Object<'_>,
    item: &Resource,
    edits: &mut Vec<Edit>,
) -> Result<(), Box<Finding>> {
    let mut add = |pointer: String, value: &str, why: String| {
        edits.push(Edit { pointer, value: value.into(), insert: false, why });
    };
    if object.ours()
        && let Some(issuer) = &object.issuer
    {
        let names: Vec<(&str, &str)> = match object.plan.way {
            Way::Filled => issuer.route_annotations(),
            Way::None | Way::Annotations | Way::Certificate => issuer.annotations(),
        };
        for (key, text) in names {
            let why = object.why(format!("{issuer} signs for it"));
            add(routes::keys::pointer(key), text, why);
        }
    }
    if object.plan.way == Way::Annotations {
        for (key, text) in object.settings.labels.iter().flatten() {
            if item.label(key).is_none() {
                let why = object.why(
                    "cert-manager copies it to the Certificate, where a solver is chosen by it",
                );
                add(routes::keys::label_pointer(key), text, why);
            }
        }
        uris(object)?;
    }
    for (key, text) in object.request.annotations() {
        if item.annotation(key).is_none() {
            add(routes::keys::pointer(key), &text, object.why("what the certificate is to be"));
        }
    }
    Ok(())
}

/// cert-manager reads no annotation for URIs.
fn uris(object: &Object<'_>) -> Result<(), Box<Finding>> {
    if object.request.uris.is_empty() {
        return Ok(());
    }
    Err(Box::new(
        Finding::error(
            "uris-without-annotation",
            "its certificate is to have URIs, and cert-manager reads no annotation for them here",
        )
        .on(object.route.id.clone())
        .hint("leave `certificate.uris` out of the rule for it, or write a Certificate with `spec.uris`"),
    ))
}

fn rejected(object: &Object<'_>, why: &str) -> Box<Finding> {
    Box::new(
        Finding::error("secret-twice", format!("{why}: cert-manager takes nothing of the object"))
            .on(object.route.id.clone())
            .field("spec.tls")
            .hint("give each block a Secret of its own, or write its hosts into one block"),
    )
}

impl Object<'_> {
    /// Whether its certificates come of TLS blocks, and not of listeners.
    fn route_reads_blocks(&self) -> bool {
        matches!(self.route.tls, routes::TlsSlot::Blocks { .. })
    }
}
