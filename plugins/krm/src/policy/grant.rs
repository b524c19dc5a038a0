//! What one run gets of the policy: its project's scope, keys, opt-outs and Pipelines.

use std::path::{Path, PathBuf};

use super::{OTHERS, PROJECT, Policy, Terms, keys};
use crate::config::Config;
use crate::{Environment, Finding};

/// What one run gets of the policy.
#[derive(Debug, Clone, Default)]
pub struct Grant {
    /// The project that the environment names; `None` when the policy does not divide by project.
    pub project: Option<String>,
    /// The folder of the project's keys.
    pub keys: Option<PathBuf>,
    /// Absolute folders that files may be read below; not yet resolved.
    pub(crate) scopes: Option<Vec<PathBuf>>,
    /// Folders of the repository that files may be read below.
    pub(crate) paths: Option<Vec<PathBuf>>,
    /// Functions that a tree may opt out of; `None`: of all.
    pub(crate) opt_outs: Option<Vec<String>>,
    /// Pipelines that run last on every stream.
    pub(crate) pipelines: Vec<Config>,
    /// Whether another project would get something else.
    pub(crate) tells_apart: bool,
}

impl Policy {
    /// What a run with this environment gets.
    ///
    /// # Errors
    /// The policy divides by project, and the environment names none that it lists.
    pub fn grant(&self, environment: &Environment) -> Result<Grant, Box<Finding>> {
        let everyone = &self.everyone;
        let Some(projects) = &self.projects else {
            return Ok(Grant::of(everyone, &Terms::default(), None));
        };
        let claimed = environment.get(PROJECT).map(|name| name.to_string_lossy().into_owned());
        let Some(name) = claimed.filter(|name| !name.is_empty()) else {
            return Err(Box::new(
                Finding::error(
                    "no-project",
                    format!("the policy divides by project, and {PROJECT} names none"),
                )
                .hint(format!("Argo CD sets it; by hand: {PROJECT}=NAME, as in spec.projects")),
            ));
        };
        // `*` is no name that a project can have, and so none that one may claim.
        let listed = projects.get(&name).filter(|_| name != OTHERS);
        let Some(terms) = listed.or_else(|| projects.get(OTHERS)) else {
            let name = crate::loader::printable(&name);
            return Err(Box::new(
                Finding::error("unlisted-project", format!("the policy lists no project `{name}`"))
                    .hint(format!(
                        "the operator adds it to spec.projects, or {OTHERS:?} for all others"
                    )),
            ));
        };
        let mut grant = Grant::of(everyone, terms, Some(name));
        grant.tells_apart = self.tells_apart();
        Ok(grant)
    }
}

impl Grant {
    fn of(everyone: &Terms, own: &Terms, project: Option<String>) -> Self {
        let narrowed = own.scopes.is_some() || own.paths.is_some();
        Self {
            project,
            keys: own.keys.clone(),
            scopes: if narrowed { own.scopes.clone() } else { everyone.scopes.clone() },
            paths: own.paths.clone(),
            opt_outs: own.opt_outs.clone().or_else(|| everyone.opt_outs.clone()),
            // The project's first, so that what holds for everyone has the last word.
            pipelines: own.pipelines.iter().chain(&everyone.pipelines).cloned().collect(),
            tells_apart: false,
        }
    }

    /// How many Pipelines run last on every stream.
    pub fn pipelines(&self) -> usize {
        self.pipelines.len()
    }

    /// The environment in which keys are looked for.
    pub fn environment(&self, environment: Environment) -> Environment {
        match &self.project {
            Some(_) => keys::only(&environment, self.keys.as_deref()),
            None => environment,
        }
    }

    /// Whether the policy decides the scope.
    pub(crate) fn decides_scope(&self) -> bool {
        self.scopes.is_some() || self.paths.is_some()
    }

    /// The folders that files may be read below, resolved; `repository` is what paths are relative to.
    ///
    /// What is not there (yet) holds no file to read; the policy decides all the same.
    ///
    /// # Errors
    /// There is no repository, or one of its paths leads over a symlink: whoever can commit one could
    /// point it at another project's folder.
    pub(crate) fn roots(&self, repository: Option<&Path>) -> Result<Vec<PathBuf>, Box<Finding>> {
        let absolute = self.scopes.iter().flatten().filter_map(|scope| scope.canonicalize().ok());
        let mut roots: Vec<PathBuf> = absolute.filter(|scope| scope.is_dir()).collect();
        let Some(paths) = &self.paths else { return Ok(roots) };
        let Some(repository) = repository else {
            return Err(Box::new(
                Finding::error(
                    "no-repository",
                    "the policy names paths of the repository, and no repository stands above the kustomization",
                )
                .hint("commit an empty .pleach.yaml at its root"),
            ));
        };
        for path in paths {
            let plain: PathBuf = repository.join(path).components().collect();
            let Ok(real) = plain.canonicalize() else { continue };
            if real != plain {
                return Err(Box::new(
                    Finding::error(
                        "symlink-in-policy-path",
                        "a symlink stands in a path of the policy",
                    )
                    .file(path)
                    .hint("make it a folder of its own"),
                ));
            }
            if real.is_dir() {
                roots.push(real);
            }
        }
        Ok(roots)
    }

    /// Refuses what reached us by a way on which the tree can lie about its project.
    ///
    /// # Errors
    /// The policy tells projects apart.
    pub(crate) fn as_function(&self) -> Result<(), Box<Finding>> {
        if !self.tells_apart {
            return Ok(());
        }
        Err(Box::new(
            Finding::error(
                "forgeable-project",
                format!(
                    "the policy has several projects, and an exec function's config can set {PROJECT} (exec.envs) to any of them"
                ),
            )
            .hint("take the function annotation off the config: as a plugin it runs with --enable-alpha-plugins alone"),
        ))
    }

    /// Whether a tree may opt out of a function.
    pub(crate) fn allows_opt_out(&self, function: &str) -> bool {
        self.opt_outs.as_ref().is_none_or(|allowed| allowed.iter().any(|name| name == function))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(projects: &str) -> Policy {
        let text = format!(
            "apiVersion: pleach.dev/v1alpha1\nkind: Policy\nspec:\n  scopes: [/srv]\n  optOuts: [cert-manager]\n  projects: {projects}\n"
        );
        super::super::document::parse(text.as_bytes()).unwrap()
    }

    fn of(policy: &Policy, project: &str) -> Result<Grant, Box<Finding>> {
        policy.grant(&Environment::default().with(PROJECT, project))
    }

    #[test]
    fn a_project_gets_its_own_terms_and_for_the_rest_those_of_everyone() {
        let policy = policy("{a: {keys: /keys/a, paths: [apps/a]}, b: {optOuts: []}}");
        let a = of(&policy, "a").unwrap();
        assert_eq!((a.keys, a.scopes), (Some("/keys/a".into()), None));
        assert_eq!(a.paths, Some(vec!["apps/a".into()]));
        let b = of(&policy, "b").unwrap();
        assert_eq!((b.keys.as_ref(), b.scopes.as_ref()), (None, Some(&vec!["/srv".into()])));
        assert!(!b.allows_opt_out("cert-manager"));
        assert!(of(&policy, "a").unwrap().allows_opt_out("cert-manager"));
    }

    #[test]
    fn attack_an_unlisted_or_missing_project_gets_nothing() {
        let policy = policy("{a: {keys: /keys/a}}");
        insta::assert_snapshot!(of(&policy, "b").unwrap_err(), @r#"
        error: the policy lists no project `b`
        hint: the operator adds it to spec.projects, or "*" for all others
        "#);
        insta::assert_snapshot!(policy.grant(&Environment::default()).unwrap_err(), @r"
        error: the policy divides by project, and ARGOCD_APP_PROJECT_NAME names none
        hint: Argo CD sets it; by hand: ARGOCD_APP_PROJECT_NAME=NAME, as in spec.projects
        ");
    }

    #[test]
    fn the_others_get_what_stands_under_the_star_and_nobody_can_claim_it() {
        let policy = policy(r#"{a: {keys: /keys/a}, "*": {}}"#);
        assert_eq!(of(&policy, "b").unwrap().keys, None);
        assert_eq!(of(&policy, "*").unwrap().keys, None);
    }

    #[test]
    fn as_a_function_one_project_is_fine_and_two_are_refused_with_the_reason() {
        assert!(of(&policy("{a: {}}"), "a").unwrap().as_function().is_ok());
        insta::assert_snapshot!(of(&policy("{a: {}, b: {}}"), "a").unwrap().as_function().unwrap_err(), @r"
        error: the policy has several projects, and an exec function's config can set ARGOCD_APP_PROJECT_NAME (exec.envs) to any of them
        hint: take the function annotation off the config: as a plugin it runs with --enable-alpha-plugins alone
        ");
    }

    #[test]
    fn attack_a_path_of_the_policy_that_is_a_symlink_is_refused() {
        let dir = test_support::Scratch::new();
        dir.dir("repo/apps/b");
        std::os::unix::fs::symlink("b", dir.join("repo/apps/a")).unwrap();
        let repository = dir.join("repo").canonicalize().unwrap();
        let grant = of(&policy("{a: {paths: [apps/a]}}"), "a").unwrap();
        insta::assert_snapshot!(grant.roots(Some(&repository)).unwrap_err(), @r"
        error: apps/a: a symlink stands in a path of the policy
        hint: make it a folder of its own
        ");
        let grant = of(&policy("{a: {paths: [./apps/b, apps/c]}}"), "a").unwrap();
        assert_eq!(grant.roots(Some(&repository)).unwrap(), [repository.join("apps/b")]);
        assert_eq!(grant.roots(None).unwrap_err().id, "no-repository");
    }
}
