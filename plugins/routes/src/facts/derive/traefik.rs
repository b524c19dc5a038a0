//! Traefik's static configuration: of a file, else of flags, else of variables; the first that there is counts alone
//! (3.7, `cmd/traefik/traefik.go`, `pkg/cli`; paerser, `flag`, `env`). Names are compared without case.

use std::collections::BTreeMap;

use serde_json::Value;

use super::flags::{Flags, Setting, truth};
use super::mounted::{self, File};
use super::workload::Controller;
use crate::facts::TraefikFact;
use crate::facts::traefik::EntryPointFact;
use crate::read::comma_list;

/// Where Traefik looks for its file when none is named; what `$HOME` and `./` stand for depends on the image.
const PLACES: [&str; 3] = [TOML, "/etc/traefik/traefik.yaml", "/etc/traefik/traefik.yml"];
/// The one that is not read here.
const TOML: &str = "/etc/traefik/traefik.toml";

/// What the facts are made of; anything else may stay hidden.
const READ: [&str; 3] = ["entrypoints.", "providers.kubernetes", "core."];

pub(super) fn fact(controller: &Controller<'_>) -> TraefikFact {
    let settings = Settings::of(controller);
    let crd = "providers.kubernetescrd";
    let ingress = "providers.kubernetesingress";
    TraefikFact {
        name: controller.name.clone(),
        namespace: controller.namespace.clone(),
        version: controller.version.clone(),
        allow_cross_namespace: settings.truth(&format!("{crd}.allowcrossnamespace")),
        cross_provider_namespaces: settings.given(&format!("{ingress}.crossprovidernamespaces")),
        crd_cross_provider_namespaces: settings.given(&format!("{crd}.crossprovidernamespaces")),
        ingress_class: settings
            .text(&format!("{ingress}.ingressclass"))
            .or_else(|| settings.text(&format!("{crd}.ingressclass"))),
        providers: settings
            .names("providers.", |name| settings.is_on(&format!("providers.{name}"))),
        default_rule_syntax: settings.text("core.defaultrulesyntax"),
        entry_points: settings.entry_points(),
        unreadable_arguments: settings.unreadable,
    }
}

/// The settings by their dotted names.
#[derive(Debug, Default)]
struct Settings {
    /// The name in lower case: as it is written first, and its values.
    given: BTreeMap<String, (String, Vec<Setting>)>,
    unreadable: bool,
}

impl Settings {
    fn of(controller: &Controller<'_>) -> Self {
        let flags = Flags::read(&controller.arguments, &[]);
        let named = flags.iter().filter(|(name, _)| name.eq_ignore_ascii_case("configfile")).last();
        let file = match named {
            Some((_, Setting::Text(path))) => match mounted::file(controller, path) {
                // A named file that is not there stops Traefik, so something is at that place.
                File::None => File::Unknown,
                other => other,
            },
            Some(_) => File::Unknown,
            None => PLACES
                .into_iter()
                .map(|place| (place, mounted::file(controller, place)))
                .find(|(_, file)| *file != File::None)
                .map_or(
                    File::None,
                    |(place, file)| {
                        if place == TOML { File::Unknown } else { file }
                    },
                ),
        };
        let mut settings = Self::default();
        match file {
            File::Text(text) => match yaml::values(text.as_bytes()) {
                Ok(values) if values.len() <= 1 => {
                    for value in &values {
                        settings.take("", value);
                    }
                }
                _ => settings.unreadable = true,
            },
            // Where the file is, flags do not count.
            File::Unknown if named.is_some() => settings.unreadable = true,
            File::Unknown | File::None => {
                settings.unreadable = flags.unreadable || file == File::Unknown;
                if controller.arguments.words.is_empty() && !flags.unreadable {
                    settings.variables(controller);
                }
                for (name, setting) in flags.iter() {
                    settings.put(name, setting.clone());
                }
            }
        }
        let hidden = |(name, (_, values)): (&String, &(String, Vec<Setting>))| {
            values.contains(&Setting::Hidden) && READ.iter().any(|read| name.starts_with(read))
        };
        settings.unreadable |= settings.given.iter().any(hidden);
        settings
    }

    fn variables(&mut self, controller: &Controller<'_>) {
        let (variables, open) = controller.arguments.variables("TRAEFIK_");
        for (name, word) in variables {
            let name = name.trim_start_matches("TRAEFIK_").to_lowercase().replace('_', ".");
            let hidden = word.hidden;
            self.put(
                &name,
                if hidden { Setting::Hidden } else { Setting::Text(word.text.clone()) },
            );
        }
        self.unreadable |= open;
    }

    /// A value of the file, at its dotted name.
    fn take(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (key, value) in map {
                    let dot = if name.is_empty() { "" } else { "." };
                    self.take(&format!("{name}{dot}{key}"), value);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.take(name, item);
                }
            }
            Value::Object(_) | Value::Null => self.put(name, Setting::Bare),
            Value::String(text) => self.put(name, Setting::Text(text.clone())),
            other => self.put(name, Setting::Text(other.to_string())),
        }
    }

    fn put(&mut self, name: &str, setting: Setting) {
        // `middlewares[0]` is an item of the list `middlewares`.
        let name = name.split_once('[').map_or(name, |(list, rest)| {
            if rest.strip_suffix(']').is_some_and(|at| at.bytes().all(|b| b.is_ascii_digit())) {
                list
            } else {
                name
            }
        });
        let known =
            self.given.entry(name.to_lowercase()).or_insert_with(|| (name.to_owned(), Vec::new()));
        known.1.push(setting);
    }

    /// The last value.
    fn text(&self, name: &str) -> Option<String> {
        match self.given.get(name)?.1.last()? {
            Setting::Text(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Setting::Bare | Setting::Hidden => None,
        }
    }

    fn truth(&self, name: &str) -> bool {
        match self.given.get(name).and_then(|(_, values)| values.last()) {
            Some(Setting::Text(text)) => truth(text),
            Some(Setting::Bare) => true,
            Some(Setting::Hidden) | None => false,
        }
    }

    /// A list: what is given again adds to it, and so does a comma.
    fn texts(&self, name: &str) -> Vec<String> {
        let values = self.given.get(name).into_iter().flat_map(|(_, values)| values);
        let texts = values.filter_map(|setting| match setting {
            Setting::Text(text) => Some(text),
            Setting::Bare | Setting::Hidden => None,
        });
        texts.flat_map(|text| comma_list(text)).map(str::to_owned).collect()
    }

    fn given(&self, name: &str) -> Option<Vec<String>> {
        self.given.contains_key(name).then(|| self.texts(name))
    }

    /// Whether a block is there, by itself or by anything in it, and is not turned off.
    fn is_on(&self, name: &str) -> bool {
        let below = format!("{name}.");
        match self.given.get(name).and_then(|(_, values)| values.last()) {
            Some(Setting::Text(text)) => truth(text),
            Some(Setting::Bare | Setting::Hidden) => true,
            None => self
                .given
                .range(below.clone()..)
                .next()
                .is_some_and(|(known, _)| known.starts_with(&below)),
        }
    }

    /// The names right below a block, in lower case, each once.
    fn names(&self, block: &str, meant: impl Fn(&str) -> bool) -> Vec<String> {
        let below = self.given.keys().filter_map(|name| name.strip_prefix(block));
        let mut names: Vec<String> =
            below.filter_map(|name| name.split('.').next()).map(str::to_owned).collect();
        names.dedup();
        names.sort();
        names.dedup();
        names.retain(|name| meant(name));
        names
    }

    fn entry_points(&self) -> Vec<EntryPointFact> {
        let fact = |name: String| {
            let at = |field: &str| format!("entrypoints.{name}.{field}");
            EntryPointFact {
                address: self.text(&at("address")),
                as_default: self.truth(&at("asdefault")),
                tls: self.is_on(&at("http.tls")),
                redirect_to: self.text(&at("http.redirections.entrypoint.to")),
                middlewares: self.texts(&at("http.middlewares")),
                trusted_ips: self.texts(&at("forwardedheaders.trustedips")),
                insecure: self.truth(&at("forwardedheaders.insecure")),
                name: self.written(&name),
            }
        };
        self.names("entrypoints.", |_| true).into_iter().map(fact).collect()
    }

    /// The name of an entry point as its author wrote it.
    fn written(&self, name: &str) -> String {
        let below = format!("entrypoints.{name}");
        let mut known = self.given.iter().filter(|(known, _)| {
            known.strip_prefix(&below).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        let written = known.next().and_then(|(_, (written, _))| written.split('.').nth(1));
        written.unwrap_or(name).to_owned()
    }
}
