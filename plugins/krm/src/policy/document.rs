//! The text of a policy, read and checked.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::Policy;
use crate::config::Config;
use crate::config::tracked::{self, Unread};
use crate::pipeline::Pipeline;
use crate::{Finding, Shape};

/// What is said when a policy is not understood.
const HINT: &str = "apiVersion: pleach.dev/v1alpha1, kind: Policy, spec: {scopes: [absolute paths], \
                    optOuts: [functions], pipelines: [Pipelines], projects: {NAME: {keys: folder, \
                    paths: [paths in the repository], scopes, optOuts, pipelines}}}";

/// What holds for every run, or for one project.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Folders below which files may be read, absolute. `None`: somebody else decides.
    pub scopes: Option<Vec<PathBuf>>,
    /// The same, relative to the root of the repository that is built.
    pub paths: Option<Vec<PathBuf>>,
    /// The folder that holds the project's keys, absolute. `None`: the project has none.
    pub keys: Option<PathBuf>,
    /// Functions that a tree may opt out of. `None`: of all.
    pub opt_outs: Option<Vec<String>>,
    /// Pipelines that run last on every stream, in this order.
    pub(crate) pipelines: Vec<Config>,
}

impl Terms {
    /// How many Pipelines run last on every stream.
    pub fn pipelines(&self) -> usize {
        self.pipelines.len()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    api_version: String,
    kind: String,
    #[serde(default)]
    #[expect(dead_code, reason = "every Kubernetes object may have one")]
    metadata: Value,
    #[serde(default)]
    spec: Spec,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Spec {
    #[serde(default)]
    scopes: Option<Vec<PathBuf>>,
    #[serde(default)]
    opt_outs: Option<Vec<String>>,
    #[serde(default)]
    pipelines: Vec<Value>,
    #[serde(default)]
    projects: Option<BTreeMap<String, Project>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Project {
    #[serde(default)]
    scopes: Option<Vec<PathBuf>>,
    #[serde(default)]
    paths: Option<Vec<PathBuf>>,
    #[serde(default)]
    keys: Option<PathBuf>,
    #[serde(default)]
    opt_outs: Option<Vec<String>>,
    #[serde(default)]
    pipelines: Vec<Value>,
}

/// Reads a policy.
pub(super) fn parse(text: &[u8]) -> Result<Policy, Box<Finding>> {
    let documents = yaml::values(text).map_err(|error| bad(error.to_string()))?;
    let [document] = documents.as_slice() else {
        return Err(bad("a policy is one document".to_owned()));
    };
    let document: Document = tracked::read(document)
        .map_err(|Unread { path, message }| bad(format!("{path}: {message}")))?;
    if (document.api_version.as_str(), document.kind.as_str()) != ("pleach.dev/v1alpha1", "Policy")
    {
        return Err(bad("is no Policy".to_owned()));
    }
    let Spec { scopes, opt_outs, pipelines, projects } = document.spec;
    let everyone = Project { scopes, opt_outs, pipelines, ..Project::default() };
    let everyone = terms(everyone, "spec")?;
    let projects = projects.map(|projects| {
        let named = projects.into_iter().map(|(name, project)| {
            let at = format!("spec.projects[{name:?}]");
            Ok((name, terms(project, &at)?))
        });
        named.collect::<Result<BTreeMap<_, _>, Box<Finding>>>()
    });
    let projects = projects.transpose()?;
    if projects.as_ref().is_some_and(BTreeMap::is_empty) {
        return Err(bad("spec.projects: lists no project".to_owned()));
    }
    Ok(Policy { everyone, projects })
}

fn terms(project: Project, at: &str) -> Result<Terms, Box<Finding>> {
    let Project { scopes, paths, keys, opt_outs, pipelines } = project;
    for (field, absolute) in scopes
        .iter()
        .flatten()
        .map(|path| ("scopes", path))
        .chain(keys.iter().map(|path| ("keys", path)))
    {
        if !absolute.is_absolute() {
            return Err(bad(format!("{at}.{field}: {} is not absolute", absolute.display())));
        }
    }
    if let Some(path) = paths.iter().flatten().find(|path| !below(path)) {
        let why = "is no path below the root of the repository";
        return Err(bad(format!("{at}.paths: {} {why}", path.display())));
    }
    let pipelines = pipelines.into_iter().enumerate().map(|(i, pipeline)| {
        let at = format!("{at}.pipelines[{i}]");
        if !Pipeline::is(&pipeline) {
            return Err(bad(format!("{at}: is no Pipeline of pleach.dev/v1alpha1")));
        }
        let within = |finding: Box<Finding>| {
            let field = finding.field.as_ref().map_or(at.clone(), |field| format!("{at}.{field}"));
            Box::new(finding.field(field))
        };
        let config = Config::new(pipeline).map_err(within)?;
        config.fields(Shape::Spec).map_err(within)?;
        Pipeline::read(&config).map_err(within)?;
        Ok(config)
    });
    let pipelines = pipelines.collect::<Result<_, _>>()?;
    Ok(Terms { scopes, paths, keys, opt_outs, pipelines })
}

/// Whether a path stays below where it starts, by its text.
fn below(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn bad(message: String) -> Box<Finding> {
    Box::new(Finding::error("bad-policy", message).hint(HINT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(spec: &str) -> String {
        whole(&format!("apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec: {spec}\n"))
    }

    fn whole(text: &str) -> String {
        match parse(text.as_bytes()) {
            Ok(policy) => format!("{:?}", policy.everyone.scopes.unwrap_or_default()),
            Err(finding) => {
                let field = finding.field.map(|field| field + ": ").unwrap_or_default();
                field + &finding.message
            }
        }
    }

    #[test]
    fn a_policy_names_absolute_scopes() {
        assert_eq!(said("{scopes: [/srv/trees, /opt/x]}"), r#"["/srv/trees", "/opt/x"]"#);
        insta::assert_snapshot!(said("{scopes: [trees]}"), @"spec.scopes: trees is not absolute");
        insta::assert_snapshot!(whole("kind: Policy\napiVersion: v1"), @"is no Policy");
        insta::assert_snapshot!(whole(""), @"a policy is one document");
        insta::assert_snapshot!(said("{scope: []}"), @"spec.scope: unknown field `scope`, expected one of `scopes`, `optOuts`, `pipelines`, `projects`");
    }

    #[test]
    fn a_project_has_keys_below_an_absolute_folder_and_paths_below_the_repository() {
        assert_eq!(said("{projects: {a: {keys: /keys/a, paths: [apps/a, .]}}}"), "[]");
        insta::assert_snapshot!(said("{projects: {a: {keys: keys/a}}}"), @r#"spec.projects["a"].keys: keys/a is not absolute"#);
        insta::assert_snapshot!(said("{projects: {a: {paths: [/apps]}}}"), @r#"spec.projects["a"].paths: /apps is no path below the root of the repository"#);
        insta::assert_snapshot!(said("{projects: {a: {paths: [apps/../..]}}}"), @r#"spec.projects["a"].paths: apps/../.. is no path below the root of the repository"#);
        insta::assert_snapshot!(said("{projects: {}}"), @"spec.projects: lists no project");
        insta::assert_snapshot!(said("{projects: {a: {key: /a}}}"), @"spec.projects.a.key: unknown field `key`, expected one of `scopes`, `paths`, `keys`, `optOuts`, `pipelines`");
    }

    #[test]
    fn a_mandatory_pipeline_is_a_whole_pipeline() {
        let pipeline =
            "apiVersion: pleach.dev/v1alpha1, kind: Pipeline, metadata: {name: x}, spec: ";
        assert_eq!(said(&format!("{{pipelines: [{{{pipeline}{{functions: []}}}}]}}")), "[]");
        insta::assert_snapshot!(said("{pipelines: [{functions: []}]}"), @"spec.pipelines[0]: is no Pipeline of pleach.dev/v1alpha1");
        insta::assert_snapshot!(said(&format!("{{pipelines: [{{{pipeline}{{function: []}}}}]}}")), @"spec.pipelines[0].spec.function: unknown field `function`, expected one of `order`, `scope`, `functions`");
    }
}
