//! Two toy functions, and a way to call them.

use std::path::Path;

use krm::{
    Definition, Environment, Finding, Function, Input, Loader, Ran, Registry, ResourceList, Role,
    Shape, Source, Stream,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) const TOYS: &[Definition] =
    &[Definition::of::<Owner>(), Definition::of::<Settings>(), Definition::of::<Safe>()];

/// Writes the owner of a resource.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Owner {
    /// Who it is.
    owner: String,
    /// Fails on purpose.
    #[serde(default)]
    fail: bool,
}

impl Function for Owner {
    const KINDS: &'static [(&'static str, &'static str)] = &[("toys.example/v1", "Owner")];
    const ROLE: Role = Role::Transformer;
    const STREAM: Option<Stream> = Some(Stream {
        claims: |item| item.get("claimed").is_some(),
        run: |list, _| {
            list.items_mut()
                .iter_mut()
                .filter(|item| item.get("claimed").is_some())
                .try_for_each(|item| item.set("/claimed", "yes", "the stream says so"))
        },
    });

    fn run(self, list: &mut ResourceList, _: &Loader) -> Result<(), Box<Finding>> {
        for item in list.items_mut() {
            if item.annotation("toys.example/owner").is_none() {
                item.set(
                    "/metadata/annotations/toys.example~1owner",
                    &*self.owner,
                    "every resource has an owner",
                )?;
            }
        }
        list.say(Finding::warning("toy", "owners were written").hint("look at them"));
        if self.fail { Err(Box::new(Finding::error("toy", "failed on purpose"))) } else { Ok(()) }
    }
}

/// Makes a ConfigMap.
///
/// Its kind is an older one with its fields at the top.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Its name.
    name: String,
    /// Whether its name gets the hash suffix.
    #[serde(default)]
    hash: bool,
}

impl Function for Settings {
    const KINDS: &'static [(&'static str, &'static str)] = &[("toys.example/v1", "settings")];
    const ROLE: Role = Role::Generator;
    const SHAPE: Shape = Shape::TopLevel;

    fn run(self, list: &mut ResourceList, _: &Loader) -> Result<(), Box<Finding>> {
        let mut map =
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": self.name}});
        if self.hash {
            map["metadata"]["annotations"] = json!({krm::annotations::NEEDS_HASH: "true"});
        }
        list.add(map, "the config asks for it").map(|_| ())
    }
}

/// Puts a password into every Secret, and makes one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Safe {}

impl Function for Safe {
    const KINDS: &'static [(&'static str, &'static str)] = &[("toys.example/v1", "Safe")];
    const ROLE: Role = Role::Generator;
    const READS_SECRETS: bool = true;

    fn run(self, list: &mut ResourceList, _: &Loader) -> Result<(), Box<Finding>> {
        let why = "the safe holds it";
        for item in list.items_mut() {
            item.set(
                "/data",
                json!({"kept": "a2VwdA==", "new": "bmV3", "password": "hunter2"}),
                why,
            )?;
        }
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "safe"}, "data": {"password": "hunter2"}});
        list.add(secret, why).map(|_| ())
    }
}

/// Calls the toys under a name.
pub(crate) fn call_as(name: &str, input: Input) -> Ran {
    let loader =
        Loader::new(Environment::default(), Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    krm::run(&Registry::new(TOYS, name), input, &loader, &|_, _| Ok(()))
}

/// Calls the toys with a text on standard input.
pub(crate) fn call(stdin: &str) -> Ran {
    call_as("toys", Input::Stdin(stdin.into()))
}

/// Calls the toys by hand, with one file at most.
pub(crate) fn by_hand(config: &str, file: &str) -> Ran {
    let source = |name: &str, text: &str| Source { name: name.into(), text: text.into() };
    let files = if file.is_empty() { Vec::new() } else { vec![source("in.yaml", file)] };
    call_as("toys", Input::Hand { config: source("config.yaml", config), files })
}

pub(crate) fn stdout(ran: &Ran) -> String {
    String::from_utf8(krm::render(ran)).unwrap()
}

pub(crate) fn stderr(ran: &Ran) -> String {
    ran.findings().map(ToString::to_string).collect()
}

pub(crate) fn json(ran: &Ran) -> Value {
    serde_json::from_slice(&krm::render(ran)).unwrap()
}

/// A ResourceList as kustomize sends it.
pub(crate) fn list(config: &Value, items: &Value) -> String {
    json!({"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": items, "functionConfig": config})
        .to_string()
}

pub(crate) fn owner(owner: &str) -> Value {
    json!({"apiVersion": "toys.example/v1", "kind": "Owner", "metadata": {"name": "o"}, "spec": {"owner": owner}})
}

pub(crate) fn settings(name: &str) -> Value {
    json!({"apiVersion": "toys.example/v1", "kind": "settings", "metadata": {"name": "s"}, "name": name})
}

pub(crate) fn service(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "annotations": {
        "kustomize.config.k8s.io/id": "kind: Service\nname: web\nversion: v1\n"}}})
}
