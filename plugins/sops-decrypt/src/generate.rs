//! A plan becomes objects: open everything, make everything, then add everything.

use std::collections::HashMap;
use std::path::Path;

use krm::{Finding, Identity, Loader, ResourceList};
use serde_json::Value;

use crate::failures::Failures;
use crate::opener::{Opened, Opener};
use crate::plan::{Plan, SecretPlan, Source};
use crate::{manifest, secret};

/// Runs a plan. Nothing is added before everything is made.
pub(crate) fn run(
    plan: &Plan,
    list: &mut ResourceList,
    loader: &Loader,
) -> Result<(), Box<Finding>> {
    let files = Opener::new(loader)?;
    let sources = sources(plan);
    let mut failures = Failures::default();
    let outcomes = files.open(&sources);
    let paths = sources.iter().map(|source| source.path.as_path());
    let by_path: HashMap<&Path, Opened> = paths
        .zip(outcomes)
        .filter_map(|(path, outcome)| Some((path, failures.keep(outcome)?)))
        .collect();
    let open = |source: &Source| by_path.get(source.path.as_path());

    let mut warnings = Vec::new();
    let mut made = Made::default();
    // What needs a file that was not opened is not made: the file is said already.
    for source in &plan.manifests {
        let Some(opened) = open(source) else { continue };
        let objects = manifest::objects(opened, plan.dialect, files.mode(), &mut warnings);
        for object in failures.keep(objects).into_iter().flatten() {
            failures.keep(made.add(object, &opened.name));
        }
    }
    for entry in &plan.secrets {
        if entry.sources().any(|source| open(source).is_none()) {
            continue;
        }
        let object = secret::object(entry, plan.dialect, files.mode(), &by_path, &mut warnings);
        if let Some(object) = failures.keep(object) {
            failures.keep(made.add(object, &entry.field));
        }
    }
    failures.stop(list)?;
    for (object, from) in made.objects {
        list.add(object, &format!("decrypted from {from}"))?;
    }
    for warning in warnings {
        list.say(warning);
    }
    Ok(())
}

/// Every file of the plan, once, in the order in which it is named.
fn sources(plan: &Plan) -> Vec<&Source> {
    let secrets = plan.secrets.iter().flat_map(SecretPlan::sources);
    let mut seen: Vec<&Source> = Vec::new();
    let mut paths = std::collections::HashSet::new();
    for source in plan.manifests.iter().chain(secrets) {
        if paths.insert(&source.path) {
            seen.push(source);
        }
    }
    seen
}

/// The objects that were made, and what each was made from.
#[derive(Default)]
struct Made<'p> {
    objects: Vec<(Value, &'p str)>,
    /// Which objects of a cluster they are (group, kind, namespace, name), and where they stand in `objects`.
    known: HashMap<[String; 4], usize>,
}

impl<'p> Made<'p> {
    fn add(&mut self, object: Value, from: &'p str) -> Result<(), Box<Finding>> {
        let id = Identity::of(&object);
        let key = [id.group().to_owned(), id.kind.clone(), id.namespace.clone(), id.name.clone()];
        if let Some(first) = self.known.insert(key, self.objects.len()) {
            let twice =
                format!("the same resource comes from {} and from {from}", self.objects[first].1);
            return Err(Box::new(
                Finding::error("same-resource-twice", twice)
                    .on(id)
                    .hint("remove one of the two, or give one another name or namespace"),
            ));
        }
        self.objects.push((object, from));
        Ok(())
    }
}
