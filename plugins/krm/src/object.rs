//! Objects in files that a config or a person names: their fields, read as those of a config.

use serde::de::DeserializeOwned;

use crate::config::{self, Config};
use crate::{Finding, Shape, documents};

/// Reads the one object of a file, of this apiVersion and kind, with its fields below `spec`. `name` is how messages
/// call the file.
///
/// # Errors
/// It is no YAML, not one object, of another kind, or has a field that is unknown, missing or of the wrong type.
pub fn read_object<T: DeserializeOwned>(
    text: &[u8],
    name: &str,
    (api_version, kind): (&str, &str),
) -> Result<T, Box<Finding>> {
    let in_file = |finding: Box<Finding>| Box::new(finding.file(name));
    let values = documents::values(text, name)?;
    let mut values = values.into_iter().filter(|value| !value.is_null());
    let (Some(value), None) = (values.next(), values.next()) else {
        let message = format!("expected one document, a {kind}");
        return Err(Box::new(
            Finding::error("not-one-object", message)
                .file(name)
                .hint("put each object into a file of its own"),
        ));
    };
    let config = Config::new(value).map_err(in_file)?;
    let id = config.id();
    if (id.api_version.as_str(), id.kind.as_str()) != (api_version, kind) {
        let message = format!("expected apiVersion `{api_version}`, kind `{kind}`");
        return Err(Box::new(
            Finding::error("other-kind", message)
                .on(id)
                .file(name)
                .hint("name a file of that kind, or correct its apiVersion and kind"),
        ));
    }
    let fields = config.fields(Shape::Spec).map_err(in_file)?;
    config::deserialize(&fields, Shape::Spec).map_err(in_file)
}

/// The manifests of a stream of documents, Lists taken apart. `name` is how messages call it.
///
/// # Errors
/// It is no YAML, or a document is no map.
pub fn read_manifests(text: &[u8], name: &str) -> Result<Vec<serde_json::Value>, Box<Finding>> {
    let pieces = documents::read(text, name)?;
    Ok(pieces.into_iter().flat_map(|piece| piece.manifests).collect())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Toy {
        #[serde(default)]
        parts: Vec<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Part {
        name: String,
    }

    fn said(text: &str) -> String {
        match read_object::<Toy>(text.as_bytes(), "toy.yaml", ("toys.example/v1", "Toy")) {
            Ok(toy) => toy.parts.into_iter().map(|part| part.name).collect(),
            Err(finding) => finding.to_string(),
        }
    }

    const HEAD: &str = "apiVersion: toys.example/v1\nkind: Toy\nmetadata: {name: t}\n";

    #[test]
    fn the_fields_of_the_one_object_are_read() {
        assert_eq!(said(&format!("# why\n---\n{HEAD}spec: {{parts: [{{name: a}}]}}\n---\n")), "a");
        assert_eq!(said(HEAD), "");
    }

    #[test]
    fn what_is_not_one_object_of_the_kind_is_refused() {
        insta::assert_snapshot!(said(&format!("{HEAD}---\n{HEAD}")), @"
        error: toy.yaml: expected one document, a Toy
        hint: put each object into a file of its own
        ");
        insta::assert_snapshot!(said(&HEAD.replace("Toy", "Tory")), @"
        error: toy.yaml: Tory t: expected apiVersion `toys.example/v1`, kind `Toy`
        hint: name a file of that kind, or correct its apiVersion and kind
        ");
        assert!(said("").starts_with("error: toy.yaml: expected one document"));
        assert!(said("- a\n").starts_with("error: toy.yaml: a config is a map"));
        assert!(said("a: [\n").starts_with("error: toy.yaml:"));
    }

    #[test]
    fn a_typo_is_answered_with_its_file_its_path_and_the_nearest_name() {
        insta::assert_snapshot!(said(&format!("{HEAD}spec: {{parts: [{{nam: a}}]}}\n")), @"
        error: toy.yaml: spec.parts[0].nam: unknown field `nam`, expected `name`
        hint: did you mean `name`?
        ");
        insta::assert_snapshot!(said(&format!("{HEAD}parts: []\n")), @"
        error: toy.yaml: Toy t: parts: unknown field `parts`, expected `spec`
        hint: the fields stand below `spec`
        ");
    }
}
