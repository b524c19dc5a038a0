//! An Application, and what a user sees of it.

use std::time::Duration;

use cluster::Watched;
use serde_json::Value;

use crate::Argo;

/// How long a sync may take: seconds, minutes on a machine that builds beside its tests.
const TIME: Duration = Duration::from_mins(2);

/// How Argo CD renders an Application's manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form<'a> {
    /// By `kustomize build` in the repo-server, with the `kustomize.buildOptions` of the instance.
    Kustomize,
    /// The same with options of its own: the `source.kustomize` of the Application, as YAML.
    With(&'a str),
    /// By the config management plugin of this name.
    Plugin(&'a str),
}

/// An Application that syncs by itself, from a folder of the repository into the target namespace.
#[derive(Debug)]
pub struct Application<'a> {
    argo: &'a Argo,
    name: String,
}

const KIND: &str = "applications.argoproj.io";

impl<'a> Application<'a> {
    pub(crate) fn create(
        argo: &'a Argo,
        name: &str,
        path: &str,
        form: Form<'_>,
        options: &str,
    ) -> Self {
        let tool = match form {
            Form::Kustomize => String::new(),
            Form::With(options) => format!(", kustomize: {options}"),
            Form::Plugin(plugin) => format!(", plugin: {{name: {plugin}}}"),
        };
        // In the foreground an object goes away by the garbage collector, a controller that does not run here.
        let background = "PrunePropagationPolicy=background";
        argo.plane.apply(&format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\n\
             metadata: {{name: {name}, namespace: {namespace}}}\n\
             spec:\n  project: default\n  \
             source: {{repoURL: '{url}', path: {path}, targetRevision: main{tool}}}\n  \
             destination: {{server: 'https://kubernetes.default.svc', namespace: {target}}}\n  \
             syncPolicy: {{automated: {{prune: true}}, retry: {{limit: 0}}, syncOptions: [{background}, {options}]}}\n",
            namespace = argo.namespace,
            url = argo.repository.url(),
            target = argo.target,
        ));
        Self { argo, name: name.to_owned() }
    }

    /// Asks for a refresh, as a webhook of the git host does; `hard` also forgets cached manifests.
    pub fn refresh(&self, hard: bool) {
        let kind = if hard { "hard" } else { "normal" };
        self.argo.plane.run(&[
            "annotate",
            KIND,
            &self.name,
            "-n",
            &self.argo.namespace,
            "--overwrite",
            &format!("argocd.argoproj.io/refresh={kind}"),
        ]);
    }

    /// Waits until the controller has looked at it again: then it takes the annotation away. (`reconciledAt` counts
    /// seconds, and a refresh is quicker.)
    pub fn refreshed(&self) {
        self.object("looked at again", |application| {
            let asked = &application["metadata"]["annotations"]["argocd.argoproj.io/refresh"];
            asked.is_null().then_some(())
        });
    }

    /// Waits until the cluster holds what this commit says, and all of it is healthy.
    pub fn synced(&self, commit: &str) {
        self.status("Synced and Healthy", |status| {
            let synced =
                status["sync"]["status"] == "Synced" && status["sync"]["revision"] == commit;
            let done = status["operationState"]["phase"] == "Succeeded";
            (synced && done && status["health"]["status"] == "Healthy").then_some(())
        });
    }

    /// Waits until the cluster holds what the repository says. A route, which no controller takes up here, is never healthy.
    pub fn deployed(&self) {
        self.status("Synced", |status| {
            let synced = status["sync"]["status"] == "Synced";
            (synced && status["operationState"]["phase"] == "Succeeded").then_some(())
        });
    }

    /// Waits for a condition of this type, and gives its message.
    pub fn condition(&self, kind: &str) -> String {
        self.status(kind, |status| {
            let mut conditions = status["conditions"].as_array().into_iter().flatten();
            let condition = conditions.find(|condition| condition["type"] == kind)?;
            condition["message"].as_str().map(str::to_owned)
        })
    }

    /// Waits until `look` finds what it looks for in `.status`.
    pub fn status<T>(&self, what: &str, mut look: impl FnMut(&Value) -> Option<T>) -> T {
        self.object(what, |application| look(&application["status"]))
    }

    fn object<T>(&self, what: &str, look: impl FnMut(&Value) -> Option<T>) -> T {
        let namespace = &self.argo.namespace;
        match self.argo.plane.watch(KIND, namespace, &self.name, TIME, look) {
            Watched::Found(found) => found,
            Watched::TimedOut(last) => panic!(
                "{} is not {what} after {} s:\n{}\n{}",
                self.name,
                TIME.as_secs(),
                last.map(|last| last["status"].to_string()).unwrap_or_default(),
                self.argo.last_lines()
            ),
        }
    }
}
