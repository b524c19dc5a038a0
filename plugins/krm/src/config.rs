//! A config as a user wrote it: the envelope cut off, the fields read with the path of what is wrong.

mod annotation;
mod configmap;
pub(crate) mod tracked;
mod typo;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use self::tracked::Unread;
use crate::pipeline::Pipeline;
use crate::record::kind_of;
use crate::schema;
use crate::{Definition, Finding, Identity, Shape};

/// What every Kubernetes object has, and no function reads as its own.
pub(crate) const ENVELOPE: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// A config: any object that says which function is meant.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    value: Value,
}

impl Config {
    /// A config, unless it is no object, or its annotation sets what only the operator may set.
    pub(crate) fn new(value: Value) -> Result<Self, Box<Finding>> {
        if !value.is_object() {
            let message = format!("a config is a map, not {}", kind_of(&value));
            return Err(Box::new(Finding::error("no-config", message).hint(
                "a config has apiVersion, kind, metadata.name and the function's own fields",
            )));
        }
        annotation::check(&value).map_err(|finding| Box::new(finding.on(Identity::of(&value))))?;
        Ok(Self { value })
    }

    /// Which config it is, for messages.
    pub(crate) fn id(&self) -> Identity {
        Identity::of(&self.value)
    }

    /// Whether it is what kpt makes of `configMap:` in a Kptfile.
    pub(crate) fn is_config_map(&self) -> bool {
        let id = self.id();
        id.api_version == "v1" && id.kind == "ConfigMap"
    }

    /// Whether it is a list of configs.
    pub(crate) fn is_pipeline(&self) -> bool {
        Pipeline::is(&self.value)
    }

    /// The function's own fields.
    pub(crate) fn fields(&self, shape: Shape) -> Result<Value, Box<Finding>> {
        let own = self.value.as_object().into_iter().flatten();
        let own = own.filter(|(key, _)| !ENVELOPE.contains(&key.as_str()));
        match shape {
            Shape::TopLevel => {
                Ok(Value::Object(own.map(|(key, value)| (key.clone(), value.clone())).collect()))
            }
            Shape::Spec => {
                for (key, _) in own {
                    if key != "spec" {
                        let message = format!("unknown field `{key}`, expected `spec`");
                        return Err(Box::new(
                            Finding::error("config-field", message)
                                .on(self.id())
                                .field(key)
                                .hint("the fields stand below `spec`"),
                        ));
                    }
                }
                Ok(match self.value.get("spec") {
                    None | Some(Value::Null) => Value::Object(Map::new()),
                    Some(spec) => spec.clone(),
                })
            }
        }
    }

    /// The fields from the `data` of a ConfigMap.
    pub(crate) fn fields_of_config_map(
        &self,
        definition: &Definition,
    ) -> Result<Value, Box<Finding>> {
        configmap::fields(&self.value, &schema::fields(definition.schema(), definition.shape))
            .map_err(|finding| Box::new(finding.on(self.id())))
    }
}

/// Reads a function's own fields. The path in an error is that in the config: it starts with `spec` where the
/// fields stand there.
pub(crate) fn deserialize<F: DeserializeOwned>(
    fields: &Value,
    shape: Shape,
) -> Result<F, Box<Finding>> {
    tracked::read(fields).map_err(|Unread { path, message }| {
        let path = match (shape, path.as_str()) {
            (Shape::Spec, ".") => "spec".to_owned(),
            (Shape::TopLevel, ".") => String::new(),
            (Shape::Spec, path) => format!("spec.{path}"),
            (Shape::TopLevel, _) => path,
        };
        Box::new(typo::finding(path, &message))
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Toy {
        #[serde(default)]
        secrets: Vec<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Part {
        name: String,
        #[serde(default)]
        files: Vec<String>,
        #[serde(default)]
        mode: Mode,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Mode {
        #[default]
        Create,
        Merge,
    }

    #[expect(clippy::needless_pass_by_value, reason = "a call reads better without the reference")]
    fn said(spec: Value) -> String {
        let config = Config::new(json!({
            "apiVersion": "pleach.dev/v1alpha1", "kind": "Toy", "metadata": {"name": "x"}, "spec": spec}));
        let fields = config.and_then(|config| config.fields(Shape::Spec));
        match fields.and_then(|fields| deserialize::<Toy>(&fields, Shape::Spec)) {
            Ok(toy) => format!(
                "{:?}",
                toy.secrets
                    .iter()
                    .map(|part| (&part.name, &part.files, &part.mode))
                    .collect::<Vec<_>>()
            ),
            Err(finding) => finding.to_string(),
        }
    }

    #[test]
    fn a_typo_is_answered_with_its_path_and_the_nearest_name() {
        insta::assert_snapshot!(said(json!({"secrets": [{"name": "a"}, {"name": "b", "fles": []}]})), @r"
        error: spec.secrets[1].fles: unknown field `fles`, expected one of `name`, `files`, `mode`
        hint: did you mean `files`?
        ");
        insta::assert_snapshot!(said(json!({"secret": []})), @r"
        error: spec.secret: unknown field `secret`, expected `secrets`
        hint: did you mean `secrets`?
        ");
        insta::assert_snapshot!(said(json!({"secrets": [{"name": "a", "mode": "merg"}]})), @r"
        error: spec.secrets[0].mode: unknown variant `merg`, expected `create` or `merge`
        hint: did you mean `merge`?
        ");
    }

    #[test]
    fn a_missing_field_is_answered_with_the_path_of_what_lacks_it() {
        insta::assert_snapshot!(said(json!({"secrets": [{}]})), @"error: spec.secrets[0]: missing field `name`");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_not_repeated() {
        insta::assert_snapshot!(said(json!({"secrets": "hunter2, expected"})), @"error: spec.secrets: invalid type: string, expected a sequence");
        insta::assert_snapshot!(said(json!({"secrets": [{"name": 12_345}]})), @"error: spec.secrets[0].name: invalid type: number, expected a string");
        insta::assert_snapshot!(said(json!("hunter2")), @"error: spec: invalid type: string, expected a map");
    }

    #[test]
    fn a_field_beside_spec_is_refused() {
        let config =
            json!({"apiVersion": "a/v1", "kind": "Toy", "metadata": {"name": "x"}, "secrets": []});
        let error = Config::new(config).unwrap().fields(Shape::Spec).unwrap_err();
        insta::assert_snapshot!(error, @r"
        error: Toy x: secrets: unknown field `secrets`, expected `spec`
        hint: the fields stand below `spec`
        ");
    }

    #[test]
    fn an_older_kind_has_its_fields_at_the_top() {
        let config =
            json!({"apiVersion": "a/v1", "kind": "toy", "metadata": {"name": "x"}, "files": ["a"]});
        let fields = Config::new(config).unwrap().fields(Shape::TopLevel).unwrap();
        assert_eq!(fields, json!({"files": ["a"]}));
    }
}
