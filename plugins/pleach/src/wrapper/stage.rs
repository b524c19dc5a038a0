//! The stream stage: the Pipelines that stand in the output, and last the operator's mandatory ones.

use std::path::Path;

use krm::policy::{PATH, Policy};
use krm::{Environment, Finding, Input, Pipeline, Registry, serve};
use serde_json::Value;

use super::left::holds;
use crate::functions::FUNCTIONS;

/// The output after the stage; as it is when there is nothing to run.
pub(super) fn run(
    output: Vec<u8>,
    environment: &Environment,
    folder: &Path,
) -> Result<Vec<u8>, Box<Finding>> {
    if !mandatory(environment)? && !asks(&output)? {
        return Ok(output);
    }
    let registry = Registry::new(FUNCTIONS, super::NAME);
    let loader = serve::guarded(&registry, environment, folder)?;
    let mut ran = krm::run(
        &registry,
        Input::Stream { stdin: output, pipelines: None },
        &loader,
        &serve::dispatched,
    );
    if let Some(stopped) = ran.stop() {
        serve::say_all(&ran);
        return Err(stopped);
    }
    serve::say_all(&ran);
    Ok(krm::render(&ran))
}

/// Whether the operator makes a Pipeline mandatory for this build.
fn mandatory(environment: &Environment) -> Result<bool, Box<Finding>> {
    let Some(policy) = Policy::read(Path::new(PATH))? else { return Ok(false) };
    let any = policy.everyone().pipelines() > 0
        || policy.projects().any(|(_, terms)| terms.pipelines() > 0);
    // Who gets none needs no project either: an app that uses nothing of ours is built as before.
    Ok(any && policy.grant(environment)?.pipelines() > 0)
}

/// Whether a Pipeline stands in the output.
fn asks(output: &[u8]) -> Result<bool, Box<Finding>> {
    if !holds(output, "Pipeline") {
        return Ok(false);
    }
    Ok(documents(output)?.iter().any(Pipeline::is))
}

/// The manifests of an output, those of a List each by itself.
pub(super) fn documents(output: &[u8]) -> Result<Vec<Value>, Box<Finding>> {
    let values = yaml::values(output).map_err(|error| {
        Box::new(Finding::error("unreadable-output", format!("the output of kustomize: {error}")))
    })?;
    let mut manifests = Vec::new();
    for mut value in values {
        let is_list = value["apiVersion"] == "v1" && value["kind"] == "List";
        match value.get_mut("items").filter(|_| is_list) {
            Some(Value::Array(items)) => manifests.append(items),
            _ => manifests.push(value),
        }
    }
    Ok(manifests)
}
