//! The functions of a binary, and which of them a config means.

use crate::config::Config;
use crate::pipeline::{self, Pipeline, Reach};
use crate::{Definition, Finding, Identity, nearest};
use serde_json::{Map, Value};

/// The functions of a binary.
#[derive(Debug, Clone, Copy)]
pub struct Registry<'a> {
    definitions: &'a [Definition],
    called_as: &'a str,
}

/// One function with its fields, ready to run.
#[derive(Debug)]
pub(crate) struct Step {
    /// Which function.
    pub(crate) definition: Definition,
    /// Its fields, without the envelope.
    pub(crate) fields: Value,
    /// Its config, for messages.
    pub(crate) config: Option<Identity>,
    /// The Pipeline that it stands in.
    pub(crate) pipeline: Option<Scoped>,
}

/// A Pipeline, as its steps know it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scoped {
    /// Its place among the configs.
    pub(crate) at: usize,
    /// Which one it is, for messages.
    pub(crate) id: Identity,
    /// What it is for.
    pub(crate) reach: Reach,
    /// Whether it must be for something: that of an app must, and one that runs on every stream need not.
    pub(crate) must: bool,
}

impl Step {
    /// The same as a step of what the operator makes mandatory, behind so many configs.
    pub(crate) fn mandatory(mut self, behind: usize) -> Self {
        if let Some(pipeline) = &mut self.pipeline {
            (pipeline.at, pipeline.must) = (pipeline.at + behind, false);
        }
        self
    }
}

impl<'a> Registry<'a> {
    /// The functions of a binary that was called under a name: `argv[0]` without its folder.
    pub fn new(definitions: &'a [Definition], called_as: &'a str) -> Self {
        Self { definitions, called_as }
    }

    /// The functions.
    pub fn definitions(&self) -> &'a [Definition] {
        self.definitions
    }

    /// The steps that these configs mean.
    pub(crate) fn plan(&self, configs: &[Config]) -> Result<Vec<Step>, Box<Finding>> {
        let mut steps = Vec::new();
        for (at, config) in configs.iter().enumerate() {
            if config.is_config_map() {
                let definition = self.by_name()?;
                let fields = config.fields_of_config_map(definition)?;
                let config = Some(config.id());
                steps.push(Step { definition: *definition, fields, config, pipeline: None });
            } else if config.is_pipeline() {
                let Pipeline { scope, functions, .. } = Pipeline::read(config)?;
                let pipeline = Scoped { at, id: config.id(), reach: scope, must: true };
                for function in functions {
                    let function = Config::new(function).map_err(|mut finding| {
                        finding.resource.get_or_insert_with(|| config.id());
                        finding
                    })?;
                    if function.is_pipeline() {
                        return Err(Box::new(
                            Finding::error("nested-pipeline", "a Pipeline inside a Pipeline")
                                .on(config.id())
                                .hint("list its functions here, one after the other"),
                        ));
                    }
                    let step = self.step(&function)?;
                    steps.push(Step { pipeline: Some(pipeline.clone()), ..step });
                }
            } else {
                steps.push(self.step(config)?);
            }
        }
        Ok(steps)
    }

    /// The step without a config, which kpt may leave out: the function that the binary is called as.
    pub(crate) fn plan_without_config(&self) -> Result<Vec<Step>, Box<Finding>> {
        let definition = *self.by_name()?;
        let fields = Value::Object(Map::new());
        Ok(vec![Step { definition, fields, config: None, pipeline: None }])
    }

    fn step(&self, config: &Config) -> Result<Step, Box<Finding>> {
        let id = config.id();
        let known =
            self.definitions.iter().find(|known| known.answers_to(&id.api_version, &id.kind));
        let Some(definition) = known else { return Err(Box::new(self.unknown(&id))) };
        Ok(Step {
            definition: *definition,
            fields: config.fields(definition.shape)?,
            config: Some(id),
            pipeline: None,
        })
    }

    /// The function that the binary is called as; a binary with one function needs no name for it.
    fn by_name(&self) -> Result<&'a Definition, Box<Finding>> {
        if let [only] = self.definitions {
            return Ok(only);
        }
        let called = |definition: &&Definition| {
            definition.name() == self.called_as
                || definition.kinds.iter().any(|(_, kind)| *kind == self.called_as)
        };
        self.definitions.iter().find(called).ok_or_else(|| {
            let names: Vec<String> = self.definitions.iter().map(Definition::name).collect();
            Box::new(
                Finding::error(
                    "no-function-named",
                    format!("neither the config nor the name `{}` says which function to run", self.called_as),
                )
                .hint(format!(
                    "give the config the apiVersion and kind of a function, or call the binary by a link named {}",
                    one_of(&names)
                )),
            )
        })
    }

    fn unknown(&self, id: &Identity) -> Finding {
        let kinds: Vec<(&str, &str)> = self
            .definitions
            .iter()
            .flat_map(|definition| definition.kinds)
            .copied()
            .chain([(pipeline::API_VERSION, pipeline::KIND)])
            .collect();
        let message =
            format!("no function answers to apiVersion `{}`, kind `{}`", id.api_version, id.kind);
        let nearest = nearest(&id.kind, kinds.iter().map(|(_, kind)| *kind));
        let hint = match nearest.and_then(|near| kinds.iter().find(|(_, kind)| *kind == near)) {
            Some((api_version, kind)) => {
                format!("did you mean apiVersion `{api_version}`, kind `{kind}`? ")
            }
            None => String::new(),
        };
        let list: Vec<String> =
            kinds.iter().map(|(api_version, kind)| format!("{api_version} {kind}")).collect();
        Finding::error("unknown-kind", message)
            .on(id.clone())
            .hint(format!("{hint}known here: {}", list.join(", ")))
    }
}

/// `a`, `b` or `c`
fn one_of(names: &[String]) -> String {
    match names {
        [] => "of a function".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
