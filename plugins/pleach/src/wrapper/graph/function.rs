//! Whether a config names an exec function, in any spelling that kustomize 5.8.2 reads
//! (kyaml `fn/runtime/runtimeutil/functiontypes.go`).

use serde_json::Value;

/// The annotations.
const KEYS: [&str; 2] = ["config.kubernetes.io/function", "config.k8s.io/function"];

/// The older field, `metadata.configFn`.
const FIELD: &str = "configFn";

/// Whether a text may name a function at all; without parsing it.
pub(super) fn may_name(text: &[u8]) -> bool {
    let holds = |word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    // In a JSON patch the `/` of the key is written `~1`; in a quoted scalar it can be escaped.
    holds("/function") || holds("~1function") || holds(FIELD) || holds("\\")
}

/// Whether a document, or a patch for one, names an exec function.
pub(super) fn names_exec(value: &Value) -> bool {
    match value {
        Value::Object(map) => {
            let patched = map.get("path").and_then(Value::as_str).is_some_and(|path| {
                let key = path.replace("~1", "/");
                KEYS.iter().any(|name| key.ends_with(name)) && map.get("value").is_some_and(is_exec)
            });
            patched
                || in_annotations(value)
                || map.get(FIELD).is_some_and(|spec| spec.get("exec").is_some())
                || map.values().any(names_exec)
        }
        Value::Array(list) => list.iter().any(names_exec),
        _ => false,
    }
}

/// Whether annotations name an exec function.
pub(super) fn in_annotations(annotations: &Value) -> bool {
    KEYS.iter().any(|key| annotations.get(key).is_some_and(is_exec))
}

/// Whether the text of an annotation says `exec`. What is no YAML is taken for one.
fn is_exec(annotation: &Value) -> bool {
    let Some(text) = annotation.as_str() else { return annotation.get("exec").is_some() };
    yaml::values(text.as_bytes())
        .map_or(true, |specs| specs.iter().any(|spec| spec.get("exec").is_some()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(function: &str) -> Value {
        json!({"metadata": {"annotations": {"config.kubernetes.io/function": function}}})
    }

    #[test]
    fn an_exec_function_is_known_in_every_spelling() {
        assert!(names_exec(&config("exec: {path: ./x}")));
        assert!(names_exec(&config("{exec: {path: x}}")));
        assert!(!names_exec(&config("container: {image: x}")));
        let older =
            json!({"metadata": {"annotations": {"config.k8s.io/function": "exec: {path: x}"}}});
        assert!(names_exec(&older));
        assert!(names_exec(&json!({"metadata": {"configFn": {"exec": {"path": "x"}}}})));
        assert!(!names_exec(&json!({"metadata": {"configFn": {"container": {"image": "x"}}}})));
    }

    #[test]
    fn a_patch_that_makes_a_config_a_function_is_known() {
        let path = "/metadata/annotations/config.kubernetes.io~1function";
        assert!(names_exec(&json!([{"op": "add", "path": path, "value": "exec: {path: x}"}])));
        assert!(!names_exec(&json!([{"op": "remove", "path": path}])));
    }

    #[test]
    fn what_cannot_name_a_function_is_not_parsed() {
        assert!(!may_name(b"kind: ConfigMap\ndata: {a: b}\n"));
        assert!(may_name(b"config.kubernetes.io/function: |\n  exec: {path: x}\n"));
        assert!(may_name(br#""config.kubernetes.io\u002ffunction": x"#));
    }
}
