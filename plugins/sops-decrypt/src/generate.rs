//! A plan becomes objects: open everything, make everything, then add everything.

use std::collections::HashMap;
use std::path::Path;

use krm::{Finding, Identity, Loader, ResourceList};
use serde_json::Value;

use crate::opener::{Opened, Opener};
use crate::plan::{Plan, Source};
use crate::{manifest, secret};

/// Runs a plan. Nothing is added before everything is made.
pub(crate) fn run(
    plan: &Plan,
    list: &mut ResourceList,
    loader: &Loader,
) -> Result<(), Box<Finding>> {
    let files = Opener::new(loader)?;
    let sources = sources(plan);
    let opened = files.open(&sources)?;
    let by_path: HashMap<&Path, &Opened> =
        sources.iter().map(|source| source.path.as_path()).zip(&opened).collect();
    let open = |source: &Source| by_path[source.path.as_path()];

    let mut warnings = Vec::new();
    let mut made: Vec<(Value, &str)> = Vec::new();
    for source in &plan.manifests {
        let opened = open(source);
        for object in manifest::objects(opened, plan.dialect, files.mode(), &mut warnings)? {
            add(&mut made, object, &opened.name)?;
        }
    }
    for entry in &plan.secrets {
        let object = secret::object(entry, plan.dialect, files.mode(), &open, &mut warnings)?;
        add(&mut made, object, &entry.field)?;
    }
    for (object, from) in made {
        list.add(object, &format!("decrypted from {from}"))?;
    }
    for warning in warnings {
        list.say(warning);
    }
    Ok(())
}

/// Every file of the plan, once, in the order in which it is named.
fn sources(plan: &Plan) -> Vec<&Source> {
    let secrets = plan.secrets.iter().flat_map(|secret| {
        let pairs = secret.texts.iter().chain(&secret.binaries).map(|(_, source)| source);
        pairs.chain(&secret.envs)
    });
    let mut seen: Vec<&Source> = Vec::new();
    let mut paths = std::collections::HashSet::new();
    for source in plan.manifests.iter().chain(secrets) {
        if paths.insert(&source.path) {
            seen.push(source);
        }
    }
    seen
}

fn add<'p>(
    made: &mut Vec<(Value, &'p str)>,
    object: Value,
    from: &'p str,
) -> Result<(), Box<Finding>> {
    let id = Identity::of(&object);
    if let Some((_, first)) = made.iter().find(|(other, _)| Identity::of(other).same_object(&id)) {
        let twice = format!("the same resource comes from {first} and from {from}");
        return Err(Box::new(
            Finding::error("same-resource-twice", twice)
                .on(id)
                .hint("remove one of the two, or give one another name or namespace"),
        ));
    }
    made.push((object, from));
    Ok(())
}
