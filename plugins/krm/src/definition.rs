//! A function with its type erased: an entry of the registry.

use serde_json::Value;

use crate::function::{Function, Needs, Reads, Role, Shape, Stream};
use crate::{Finding, Loader, ResourceList, config};

/// An entry of the registry, `const FUNCTIONS: &[Definition]`.
///
/// Walking the registry derives help, schemas, reference pages, the plugin home, hook entries and the golden cases.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// (apiVersion, kind) pairs it answers to; the first is the documented one.
    pub kinds: &'static [(&'static str, &'static str)],
    /// Generator or transformer.
    pub role: Role,
    /// Where the fields stand in the config.
    pub shape: Shape,
    /// Whether it reads secrets.
    pub reads_secrets: bool,
    /// Its fields that name files of the tree.
    pub file_fields: &'static [&'static str],
    /// What goes in and what comes out, for its page.
    pub example: Option<(&'static str, &'static str)>,
    /// Its hook into the stream form.
    pub stream: Option<Stream>,
    /// What it needs beside the scope.
    pub needs: Option<Needs>,
    schema: fn() -> Value,
    run: fn(&Value, &mut ResourceList, &Loader) -> Result<(), Box<Finding>>,
}

impl Definition {
    /// The entry of `F`.
    pub const fn of<F: Function>() -> Self {
        const { assert!(!F::KINDS.is_empty(), "a function answers to at least one kind") }
        Self {
            kinds: F::KINDS,
            role: F::ROLE,
            shape: F::SHAPE,
            reads_secrets: F::READS_SECRETS,
            file_fields: F::FILE_FIELDS,
            example: F::EXAMPLE,
            stream: F::STREAM,
            needs: F::NEEDS,
            schema: F::schema,
            run: |spec, list, loader| config::deserialize::<F>(spec, F::SHAPE)?.run(list, loader),
        }
    }

    /// The documented apiVersion.
    pub fn api_version(&self) -> &'static str {
        self.kinds.first().map_or("", |kind| kind.0)
    }

    /// The documented kind.
    pub fn kind(&self) -> &'static str {
        self.kinds.first().map_or("", |kind| kind.1)
    }

    /// The name of the crate, the folder, the link and the cases: the documented kind in kebab-case
    /// (`SopsDecrypt` is `sops-decrypt`, `ExternalDNS` is `external-dns`).
    pub fn name(&self) -> String {
        kebab(self.kind())
    }

    /// The JSON Schema of a whole config of the documented kind.
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// Its documentation: the doc comment of the type.
    pub fn doc(&self) -> String {
        let schema = self.schema();
        schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The first paragraph of its documentation, on one line.
    pub fn summary(&self) -> String {
        let doc = self.doc();
        doc.split("\n\n")
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Whether it answers to this apiVersion and kind.
    pub fn answers_to(&self, api_version: &str, kind: &str) -> bool {
        self.kinds.contains(&(api_version, kind))
    }

    /// What a run with `fields` reads beside its input.
    pub fn reads(&self, fields: &Value) -> Reads {
        let names_a_file = |field: &&str| fields.get(*field).is_some_and(|value| !value.is_null());
        if self.reads_secrets {
            Reads::Secrets
        } else if self.file_fields.iter().any(names_a_file) {
            Reads::Files
        } else {
            Reads::Nothing
        }
    }

    /// Runs it with `fields`: its fields alone, without the envelope (apiVersion, kind, metadata).
    pub fn run(
        &self,
        fields: &Value,
        list: &mut ResourceList,
        loader: &Loader,
    ) -> Result<(), Box<Finding>> {
        (self.run)(fields, list, loader)
    }
}

/// `ExternalDNS` -> `external-dns`: a word starts at a capital that follows a small letter, or precedes one.
fn kebab(kind: &str) -> String {
    let chars: Vec<char> = kind.chars().collect();
    let mut name = String::with_capacity(kind.len() + 4);
    for (i, c) in chars.iter().enumerate() {
        let after_small = i > 0 && !chars[i - 1].is_uppercase() && chars[i - 1] != '-';
        let before_small = i > 0
            && chars[i - 1].is_uppercase()
            && chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && (after_small || before_small) {
            name.push('-');
        }
        name.extend(c.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn the_name_is_the_documented_kind_in_kebab_case() {
        for (kind, name) in [
            ("SopsDecrypt", "sops-decrypt"),
            ("ExternalDNS", "external-dns"),
            ("CertManager", "cert-manager"),
            ("ForwardAuth", "forward-auth"),
            ("DNSEndpoint", "dns-endpoint"),
            ("ksops", "ksops"),
            ("ksops-exec", "ksops-exec"),
        ] {
            assert_eq!(kebab(kind), name);
        }
    }
}
