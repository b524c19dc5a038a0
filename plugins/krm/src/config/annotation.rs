//! The function annotation of a config: what it may not say.
//!
//! The annotation comes with the tree, and `exec.envs` in it reaches the process (measured with kustomize 5.8.2). So
//! a variable that widens what the process may do, or says where its keys and programs are, is refused by name.

use serde_json::Value;

use crate::Finding;
use crate::record::kind_of;

/// The spellings that kustomize 5.8.2 reads (kyaml `fn/runtime/runtimeutil/functiontypes.go`).
const KEYS: [&str; 2] = ["config.kubernetes.io/function", "config.k8s.io/function"];

/// Variables that only the operator may set; a trailing `*` stands for any ending.
const OPERATORS: [&str; 7] =
    ["PLEACH_*", "SOPS_*", "ARGOCD_*", "GNUPGHOME", "PATH", "HOME", "LD_*"];

/// Refuses a config whose function annotation sets a variable that only the operator may set.
pub(super) fn check(config: &Value) -> Result<(), Box<Finding>> {
    for key in KEYS {
        let Some(annotation) = config.pointer("/metadata/annotations").and_then(|map| map.get(key))
        else {
            continue;
        };
        let field = format!("metadata.annotations[{key:?}]");
        let Some(text) = annotation.as_str() else {
            let message = format!("expected a string, found {}", kind_of(annotation));
            return Err(Box::new(Finding::error("function-annotation", message).field(field)));
        };
        let specs = yaml::values(text.as_bytes()).map_err(|error| {
            Box::new(Finding::error("function-annotation", error.to_string()).field(field.clone()))
        })?;
        specs.iter().try_for_each(|spec| check_spec(spec, &field))?;
    }
    // The oldest spelling is a field; in it, too, the variables stand below the way to run.
    config
        .pointer("/metadata/configFn")
        .map_or(Ok(()), |spec| check_spec(spec, "metadata.configFn"))
}

fn check_spec(spec: &Value, field: &str) -> Result<(), Box<Finding>> {
    let ways = spec.as_object().into_iter().flatten().filter_map(|(_, way)| way.get("envs"));
    for variable in ways.flat_map(|envs| envs.as_array().into_iter().flatten()) {
        let name = variable.as_str().unwrap_or_default().split('=').next().unwrap_or_default();
        if OPERATORS.iter().any(|operators| match operators.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == *operators,
        }) {
            return Err(Box::new(
                Finding::error(
                    "operators-variable",
                    format!("the tree sets {name}, which only the operator may set"),
                )
                .field(field)
                .hint("take it out of exec.envs, and set it in the environment of kustomize"),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(function: &str) -> String {
        let config =
            json!({"metadata": {"annotations": {"config.kubernetes.io/function": function}}});
        check(&config).err().map_or_else(String::new, |finding| finding.to_string())
    }

    #[test]
    fn a_tree_that_sets_the_operators_variables_is_refused_by_name() {
        for name in [
            "PLEACH_SOPS",
            "SOPS_AGE_KEY_FILE",
            "ARGOCD_APP_PROJECT_NAME",
            "GNUPGHOME",
            "PATH",
            "HOME",
            "LD_PRELOAD",
        ] {
            let said = said(&format!("exec: {{path: pleach, envs: [A=1, {name}=x]}}"));
            assert!(said.contains(&format!("the tree sets {name}, which only")), "{said}");
        }
        insta::assert_snapshot!(said("{exec: {path: pleach, envs: [PATH=.]}}"), @r#"
        error: metadata.annotations["config.kubernetes.io/function"]: the tree sets PATH, which only the operator may set
        hint: take it out of exec.envs, and set it in the environment of kustomize
        "#);
    }

    #[test]
    fn the_older_spellings_are_read_too() {
        let old = json!({"metadata": {"annotations": {"config.k8s.io/function": "exec: {envs: [HOME=/]}"}}});
        assert!(check(&old).is_err());
        assert!(check(&json!({"metadata": {"configFn": {"exec": {"envs": ["HOME=/"]}}}})).is_err());
    }

    #[test]
    fn other_variables_pass() {
        assert_eq!(said("exec: {path: ./pleach, envs: [LOG=1, HOMEPAGE=x]}"), "");
        assert_eq!(said("exec: {path: ./pleach}"), "");
    }
}
