//! Order: what is used comes before what uses it. A place in the order is the Application's wave, the object's own wave,
//! and within one wave Argo CD's order of kinds (gitops-engine `pkg/sync/sync_tasks.go`, v3.5.1).

use std::collections::BTreeMap;

use serde_json::Value;

use super::Report;
use crate::object::{list, text};
use crate::{Object, World};

/// The annotation that says a wave.
pub(crate) const WAVE: &str = "argocd.argoproj.io/sync-wave";

/// Kinds in the order in which Argo CD applies them within a wave; the others come behind. Abridged to those that
/// something else waits for.
const KINDS: [&str; 3] = ["Namespace", "StorageClass", "CustomResourceDefinition"];

/// Groups whose objects a webhook admits, and the Deployment that must answer first.
const WEBHOOKS: [(&str, &str); 2] = [
    ("metallb.io", "Deployment metallb-system/controller"),
    ("cert-manager.io", "Deployment cert-manager/cert-manager-webhook"),
];

/// A place in the order: the Application's wave, the object's, the kind's.
type Place = (i64, i64, usize);

pub(super) fn check(world: &World, report: &mut Report) {
    let order = Order::of(world, report);
    for object in world.objects().filter(|one| one.from.starts_with("apps/")) {
        let place = order.place(object);
        let (group, kind) = (object.group(), object.kind());
        if let Some(crd) = order.crds.get(&(group.to_owned(), kind.to_owned())) {
            report.hold(
                *crd < place,
                object.id(),
                format!("comes at {}, its CRD at {}", say(place), say(*crd)),
            );
        }
        if let Some(namespace) = order.namespaces.get(object.namespace()) {
            let what = format!("comes at {}, its namespace at {}", say(place), say(*namespace));
            report.hold(*namespace <= place, object.id(), what);
        }
        let storage = match kind {
            "PersistentVolumeClaim" => text(&object.value, "/spec/storageClassName"),
            _ => "",
        };
        if let Some(class) = order.classes.get(storage) {
            let what = format!("comes at {}, its StorageClass at {}", say(place), say(*class));
            report.hold(*class <= place, object.id(), what);
        }
        for (of, webhook) in WEBHOOKS.iter().filter(|(of, _)| *of == group) {
            let Some(answers) = order.ids.get(*webhook) else { continue };
            let what = format!("{of} comes at {}, its webhook at {}", say(place), say(*answers));
            report.hold((answers.0, answers.1) < (place.0, place.1), object.id(), what);
        }
    }
}

fn say(place: Place) -> String {
    format!("wave {}.{}", place.0, place.1)
}

/// Where things stand in the order.
struct Order {
    applications: BTreeMap<String, i64>,
    crds: BTreeMap<(String, String), Place>,
    namespaces: BTreeMap<String, Place>,
    classes: BTreeMap<String, Place>,
    ids: BTreeMap<String, Place>,
}

impl Order {
    fn of(world: &World, report: &mut Report) -> Self {
        let mut applications = BTreeMap::new();
        for one in world.argocd().into_iter().filter(|one| one.kind() == "Application") {
            let wave = wave(&one);
            report.hold(wave.is_some(), one.id(), "its sync wave is no number");
            applications
                .insert(text(&one.value, "/spec/source/path").to_owned(), wave.unwrap_or(0));
        }
        let empty = BTreeMap::new;
        let mut order = Self {
            applications,
            crds: BTreeMap::new(),
            namespaces: empty(),
            classes: empty(),
            ids: empty(),
        };
        for entry in world.lock() {
            let overlay = format!("apps/{}/overlays/prod", text(&entry, "/app"));
            let application = order.applications.get(&overlay).copied().unwrap_or(0);
            for crd in list(&entry, "/crds") {
                let (group, kind) = (text(crd, "/group").to_owned(), text(crd, "/kind").to_owned());
                order.crds.insert((group, kind), (application, 0, 2));
            }
        }
        for object in world.objects().filter(|one| one.from.starts_with("apps/")) {
            let place = order.place(object);
            if wave(object).is_none() {
                report.refuse(object.id(), "its sync wave is no number");
            }
            order.ids.insert(object.id(), place);
            match object.kind() {
                "Namespace" => drop(order.namespaces.insert(object.name().to_owned(), place)),
                "StorageClass" => drop(order.classes.insert(object.name().to_owned(), place)),
                "CustomResourceDefinition" => {
                    let spec = object.value.get("spec").unwrap_or(&Value::Null);
                    let key =
                        (text(spec, "/group").to_owned(), text(spec, "/names/kind").to_owned());
                    order.crds.insert(key, place);
                }
                _ => {}
            }
        }
        order
    }

    fn place(&self, object: &Object) -> Place {
        let application = self.applications.get(&object.from).copied().unwrap_or(0);
        let kind = KINDS.iter().position(|kind| *kind == object.kind()).unwrap_or(KINDS.len());
        (application, wave(object).unwrap_or(0), kind)
    }
}

fn wave(object: &Object) -> Option<i64> {
    object.annotation(WAVE).map_or(Some(0), |wave| wave.parse().ok())
}
