//! Four ways in, one job out: what was sent becomes the configs, the items, and who sent them.

use std::path::PathBuf;

use serde_json::Value;

use crate::config::Config;
use crate::documents::{self, Piece};
use crate::host::{Host, Place};
use crate::pipeline::{self, Pipeline};
use crate::pointer::get;
use crate::{Finding, ResourceList};

/// How messages call what is not a file.
const STDIN: &str = "standard input";
const CONFIG: &str = "the plugin's config";

/// What came in, unread.
#[derive(Debug, Clone)]
pub enum Input {
    /// Standard input alone: a ResourceList from kustomize or kpt, or a stream that holds its Pipeline.
    Stdin(Vec<u8>),
    /// Standard input of a command: a stream, and the Pipelines that it holds or a file does. A host does not call so: a
    /// ResourceList is refused.
    Stream {
        /// The stream.
        stdin: Vec<u8>,
        /// Pipelines beside those of the stream.
        pipelines: Option<Source>,
    },
    /// kustomize's exec plugin: the file that `argv[1]` names, and standard input.
    Plugin {
        /// The config.
        config: Vec<u8>,
        /// Manifests for a transformer, nothing for a generator.
        stdin: Vec<u8>,
    },
    /// A person names a config, and perhaps files with manifests.
    Hand {
        /// The config: one document or several, which run in their order.
        config: Source,
        /// The manifests.
        files: Vec<Source>,
    },
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, for messages.
    pub name: PathBuf,
    /// What it holds.
    pub text: Vec<u8>,
}

/// What there is to do.
#[derive(Debug)]
pub(crate) struct Job {
    /// Who sent it.
    pub(crate) host: Host,
    /// The configs, in the order in which they run. None: the name that the binary was called as says what to do.
    pub(crate) configs: Vec<Config>,
    /// The items.
    pub(crate) list: ResourceList,
    /// Where the items stand in the text that they came from; `None` when they go out as JSON.
    pub(crate) places: Option<Vec<Spot>>,
}

/// A document of the text, and which items stand in it.
#[derive(Debug)]
pub(crate) struct Spot {
    /// The document as it was written.
    pub(crate) text: Vec<u8>,
    /// How many items it holds.
    pub(crate) items: usize,
}

impl Input {
    /// Reads what came in.
    pub(crate) fn read(self) -> Result<Job, Box<Finding>> {
        match self {
            Self::Stdin(text) => stdin(&text, true, None),
            Self::Stream { stdin: text, pipelines } => stdin(&text, false, pipelines.as_ref()),
            Self::Plugin { config, stdin } => plugin(&config, &stdin),
            Self::Hand { config, files } => hand(&config, &files),
        }
    }
}

/// `host`: whether it may be a host that sends.
fn stdin(text: &[u8], host: bool, pipelines: Option<&Source>) -> Result<Job, Box<Finding>> {
    let pipelines = pipelines.map(pipelines_of).transpose()?.unwrap_or_default();
    let mut pieces = documents::read(text, STDIN)?;
    if pieces.iter().all(|piece| piece.manifests.is_empty()) {
        return Err(Box::new(Finding::error("no-input", "standard input holds no document").hint(
            "pipe `kustomize build` into it, or name a config: pleach run CONFIG [FILE...]",
        )));
    }
    let lists = pieces.iter().flat_map(|piece| &piece.manifests).filter(|one| is_list(one)).count();
    if lists == 0 {
        return stream(pieces, pipelines);
    }
    if !host {
        return Err(Box::new(unexpected_argument()));
    }
    let mut manifests = pieces.iter_mut().flat_map(|piece| std::mem::take(&mut piece.manifests));
    match (manifests.next(), manifests.next()) {
        (Some(only), None) => resource_list(only),
        _ => Err(Box::new(
            Finding::error("several-lists", "a ResourceList beside other documents")
                .hint("send one ResourceList, or a stream of manifests"),
        )),
    }
}

/// A ResourceList (functions-spec.md, `ResourceList`).
fn resource_list(mut list: Value) -> Result<Job, Box<Finding>> {
    let config = list.get_mut("functionConfig").map(Value::take).filter(|config| !config.is_null());
    let items = match list.get_mut("items").map(Value::take) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => {
            return Err(Box::new(Finding::error("no-list", "expected a list").field("items")));
        }
    };
    if let Some(at) = items.iter().position(|item| !item.is_object()) {
        let message = "expected a Kubernetes object";
        return Err(Box::new(Finding::error("no-manifest", message).field(format!("items[{at}]"))));
    }
    let host = Host::of_list(&items, config.as_ref());
    let configs = config.map(Config::new).transpose()?.into_iter().collect();
    let items = if host == Host::Kustomize(Place::Generators) { Vec::new() } else { items };
    Ok(Job { host, configs, list: ResourceList::new(items), places: None })
}

fn plugin(config: &[u8], stdin: &[u8]) -> Result<Job, Box<Finding>> {
    let configs = configs(config, CONFIG)?;
    let pieces = documents::read(stdin, STDIN)?;
    let items: Vec<Value> = pieces.into_iter().flat_map(|piece| piece.manifests).collect();
    if items.iter().any(is_list) {
        // A plugin gets manifests, a function its config in the list: the argument is the tree's `exec.args`.
        return Err(Box::new(unexpected_argument()));
    }
    let place = if items.is_empty() { Place::Generators } else { Place::Transformers };
    Ok(Job { host: Host::Plugin(place), configs, list: ResourceList::new(items), places: None })
}

fn hand(config: &Source, files: &[Source]) -> Result<Job, Box<Finding>> {
    let configs = configs(&config.text, &config.name.to_string_lossy())?;
    let mut pieces = Vec::new();
    for file in files {
        pieces.extend(documents::read(&file.text, &file.name.to_string_lossy())?);
    }
    Ok(placed(Host::Hand, configs, pieces))
}

/// The Pipelines of a file; at least one, and nothing else.
fn pipelines_of(file: &Source) -> Result<Vec<Config>, Box<Finding>> {
    let name = file.name.to_string_lossy();
    let configs = configs(&file.text, &name)?;
    match configs.iter().find(|config| !config.is_pipeline()) {
        None => Ok(configs),
        Some(other) => Err(Box::new(
            Finding::error("no-pipeline", "expected a Pipeline")
                .on(other.id())
                .file(&*name)
                .hint("list the config under `functions` of a Pipeline, or run it by hand: pleach run CONFIG [FILE...]"),
        )),
    }
}

/// `configs`: Pipelines beside those of the stream.
fn stream(pieces: Vec<Piece>, mut configs: Vec<Config>) -> Result<Job, Box<Finding>> {
    let mut rest = Vec::new();
    for mut piece in pieces {
        let before = piece.manifests.len();
        let (found, kept): (Vec<_>, Vec<_>) = piece.manifests.into_iter().partition(Pipeline::is);
        for pipeline in found {
            configs.push(Config::new(pipeline)?);
        }
        piece.manifests = kept;
        // A document that was a Pipeline is gone; an empty one stays, comments and all.
        if before == 0 || !piece.manifests.is_empty() {
            rest.push(piece);
        }
    }
    Ok(placed(Host::Stream, pipeline::in_order(configs)?, rest))
}

fn placed(host: Host, configs: Vec<Config>, pieces: Vec<Piece>) -> Job {
    let (mut items, mut places) = (Vec::new(), Vec::new());
    for piece in pieces {
        places.push(Spot { text: piece.text, items: piece.manifests.len() });
        items.extend(piece.manifests);
    }
    Job { host, configs, list: ResourceList::new(items), places: Some(places) }
}

/// The configs of a file; at least one.
fn configs(text: &[u8], name: &str) -> Result<Vec<Config>, Box<Finding>> {
    let values = documents::values(text, name)?;
    let configs = values.into_iter().filter(|value| !value.is_null()).map(Config::new);
    let configs = configs.collect::<Result<Vec<_>, _>>()?;
    if configs.is_empty() {
        return Err(Box::new(
            Finding::error("no-config", "holds no config")
                .file(name)
                .hint("a config has apiVersion, kind, metadata.name and the function's own fields"),
        ));
    }
    Ok(configs)
}

fn is_list(manifest: &Value) -> bool {
    get(manifest, "kind").is_some_and(|kind| kind == "ResourceList")
}

/// Called as a function with an argument.
pub fn unexpected_argument() -> Finding {
    Finding::error("exec-args", "called as a function, it takes no argument").hint(
        "take exec.args (argsOneLiner, argsFromFile) out of the config: all options are fields of its spec",
    )
}
