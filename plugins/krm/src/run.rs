//! Runs the steps of a job, all of them or nothing.

mod scoped;

use serde_json::Value;

use crate::annotations;
use crate::host::{Host, Place};
use crate::input::{Input, Job, Spot};
use crate::registry::{Registry, Step};
use crate::{Definition, Finding, Loader, Reads, Resource, ResourceList, Role, loader, policy};

/// What is called once it is known which functions run, before the first one does: with the most that one of them
/// reads. A process drops the rights here that this run does not need.
pub type Dispatched<'a> = &'a dyn Fn(Reads, &Loader) -> Result<(), Box<Finding>>;

/// What a run left.
#[derive(Debug)]
pub struct Ran {
    /// Who called; `None` when what came in could not be read.
    pub(crate) host: Option<Host>,
    /// The items and what was said.
    pub(crate) list: ResourceList,
    /// The items as they came in, for kpt alone.
    pub(crate) unchanged: Vec<serde_json::Value>,
    /// Where the items stand in the text that they came from.
    pub(crate) places: Option<Vec<Spot>>,
    /// Whether one of the functions reads secrets.
    pub(crate) reads_secrets: bool,
    /// What stopped it.
    pub(crate) stopped: Option<Box<Finding>>,
}

impl Ran {
    /// Whether it was stopped.
    pub fn failed(&self) -> bool {
        self.stopped.is_some()
    }

    /// Takes what stopped it.
    pub fn stop(&mut self) -> Option<Box<Finding>> {
        self.stopped.take()
    }

    /// Everything that was said; what stopped it comes last.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.list.findings().iter().chain(self.stopped.as_deref())
    }

    /// The items.
    pub fn list(&self) -> &ResourceList {
        &self.list
    }

    /// Overwrites every text in the items, where one of the functions reads secrets.
    pub(crate) fn wipe(&mut self) {
        if self.reads_secrets {
            self.list.wipe();
        }
    }
}

/// Reads what came in and runs what it asks for.
pub fn run(
    registry: &Registry<'_>,
    input: Input,
    loader: &Loader,
    dispatched: Dispatched<'_>,
) -> Ran {
    let mut ran = Ran {
        host: None,
        list: ResourceList::default(),
        unchanged: Vec::new(),
        places: None,
        reads_secrets: false,
        stopped: None,
    };
    let job = match input.read() {
        Ok(job) => job,
        Err(stopped) => return Ran { stopped: Some(stopped), ..ran },
    };
    ran.host = Some(job.host);
    if job.host == Host::Kpt {
        ran.unchanged = job.list.items().iter().map(|item| (**item).clone()).collect();
    }
    ran.stopped = all(registry, job, loader, dispatched, &mut ran).err();
    ran
}

fn all(
    registry: &Registry<'_>,
    job: Job,
    loader: &Loader,
    dispatched: Dispatched<'_>,
    ran: &mut Ran,
) -> Result<(), Box<Finding>> {
    let Job { host, configs, list, places } = job;
    (ran.list, ran.places) = (list, places);
    if matches!(host, Host::Kustomize(_) | Host::Kpt) {
        loader.grant().as_function()?;
    }
    // What the operator makes mandatory has the last word.
    let mandatory: &[_] = if host == Host::Stream { &loader.grant().pipelines } else { &[] };
    let mut idle = Vec::new();
    let steps = if configs.is_empty() && host != Host::Stream {
        registry.plan_without_config()?
    } else {
        let mut steps = registry.plan(&configs)?;
        idle = scoped::idle(&configs, &steps);
        let last = registry.plan(mandatory).map_err(of_the_policy)?;
        steps.extend(last.into_iter().map(|step| step.mandatory(configs.len())));
        steps
    };
    let hooks: Vec<_> = registry
        .definitions()
        .iter()
        .filter_map(|definition| Some((definition, definition.stream?)))
        .filter(|(_, hook)| {
            host == Host::Stream && ran.list.items().iter().any(|item| (hook.claims)(item))
        })
        .collect();
    if host == Host::Stream && configs.is_empty() && hooks.is_empty() && mandatory.is_empty() {
        return Err(Box::new(nothing_to_run()));
    }
    let steps_read = steps.iter().map(|step| step.definition.reads(&step.fields));
    let hooks_read = hooks.iter().map(|(definition, _)| definition.reads(&Value::Null));
    let reads = steps_read.chain(hooks_read).max().unwrap_or(Reads::Nothing);
    ran.reads_secrets = reads == Reads::Secrets;
    dispatched(reads, loader)?;
    // Secrets of the stream are opened by an empty one, too.
    for finding in idle.into_iter().filter(|_| hooks.is_empty()) {
        ran.list.say(finding);
    }
    for (definition, hook) in hooks {
        (hook.run)(&mut ran.list, loader)
            .map_err(|finding| of_project(definition, finding, loader))?;
    }
    let (mut running, mut runs) = (None, true);
    for step in &steps {
        // What a Pipeline adds stays within its reach, so that is decided once, before its first step.
        if running != Some(step.pipeline.as_ref()) {
            running = Some(step.pipeline.as_ref());
            runs = scoped::scope(step.pipeline.as_ref(), host, &mut ran.list)?;
        }
        if runs {
            one(step, host, &mut ran.list, loader)?;
        }
    }
    Ok(())
}

fn one(
    step: &Step,
    host: Host,
    list: &mut ResourceList,
    loader: &Loader,
) -> Result<(), Box<Finding>> {
    let definition = &step.definition;
    if definition.role == Role::Transformer
        && list.items().is_empty()
        && matches!(host, Host::Kustomize(Place::Generators) | Host::Plugin(Place::Generators))
    {
        let finding = Finding::warning("nothing-to-transform", "there is no resource to transform")
            .hint("list the config under `transformers:`, not under `generators:`");
        list.say(Finding { resource: step.config.clone(), ..finding });
    }
    list.called_by(step.config.clone().unwrap_or_default());
    opt_outs(definition, list, loader)?;
    let (before, said) = (list.items().len(), list.findings().len());
    let outcome = definition.run(&step.fields, list, loader);
    // What names neither a file nor a resource is said of the config.
    let placed = |finding: &mut Finding| {
        if finding.file.is_none() && finding.resource.is_none() {
            finding.resource.clone_from(&step.config);
        }
    };
    outcome.map_err(|mut finding| {
        list.findings_mut().iter_mut().skip(said).for_each(placed);
        placed(&mut finding);
        of_project(definition, finding, loader)
    })?;
    if host.reads_generator_options() {
        return Ok(());
    }
    for added in &list.items()[before..] {
        for option in [annotations::NEEDS_HASH, annotations::BEHAVIOR] {
            if annotations::has(added, option) {
                return Err(Box::new(
                    Finding::error("generator-option", "kustomize reads this annotation of generators only, here it would stay in the manifest")
                        .on(added.id())
                        .field(format!("metadata.annotations[{option:?}]"))
                        .hint("list the config under `generators:`, or turn its hash and behavior options off"),
                ));
            }
        }
    }
    Ok(())
}

/// Refuses an opt-out that the operator does not allow.
fn opt_outs(
    definition: &Definition,
    list: &ResourceList,
    loader: &Loader,
) -> Result<(), Box<Finding>> {
    let function = definition.name();
    if loader.grant().allows_opt_out(&function) {
        return Ok(());
    }
    let (key, skip) = annotations::opt_out(&function);
    let opts_out = |item: &&Resource| annotations::of(item).any(|(k, v)| k == key && v == skip);
    let Some(item) = list.items().iter().find(opts_out) else { return Ok(()) };
    Err(Box::new(
        Finding::error(
            "opt-out-not-allowed",
            format!("the policy allows no opt-out of {function}"),
        )
        .on(item.id())
        .field(format!("metadata.annotations[{key:?}]"))
        .hint("take the annotation off, or ask the operator for optOuts in the policy"),
    ))
}

/// What a policy's own Pipeline gets wrong is the operator's to mend.
fn of_the_policy(mut finding: Box<Finding>) -> Box<Finding> {
    finding.file.get_or_insert_with(|| (policy::PATH.into(), None));
    finding
}

/// Under a policy by project a file may not open because its key is another project's: the hint says whose keys
/// were looked at.
fn of_project(definition: &Definition, mut finding: Box<Finding>, loader: &Loader) -> Box<Finding> {
    let grant = loader.grant();
    if let (true, Some(_), Some(project)) =
        (definition.reads_secrets, &finding.file, grant.project.as_deref())
        && finding.id != loader::OUTSIDE
    {
        let project = loader::printable(project);
        let keys = match &grant.keys {
            Some(keys) => format!("the keys in {}, and no other", keys.display()),
            None => "no keys".to_owned(),
        };
        let hint = finding.hint.map(|hint| format!("{hint}; ")).unwrap_or_default();
        finding.hint = Some(format!("{hint}the policy gives project `{project}` {keys}"));
    }
    finding
}

/// A stream with nothing in it for us: a forgotten Pipeline must not pass as done.
fn nothing_to_run() -> Finding {
    Finding::error(
        "nothing-to-run",
        "the stream holds neither a Pipeline nor anything else that a function handles without one",
    )
    .hint("add a Pipeline to the resources of the kustomization, or name one: pleach run --pipeline FILE")
}
