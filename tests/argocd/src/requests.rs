//! Requests to the repo-server without its cache, as the application-controller sends them: `argocd-requests`.

use std::process::Stdio;

use serde_json::Value;

use crate::RepoServer;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Requests<'a> {
    /// Folders of the repository, taken in turn.
    pub paths: &'a [String],
    /// `kustomize.buildOptions`.
    pub build_options: &'a str,
    /// The project that the Applications belong to.
    pub project: &'a str,
    /// Requests at a time.
    pub concurrency: u32,
    /// Requests in all; 0 is no limit.
    pub count: u32,
    /// No request begins later than this many seconds; 0 is no limit.
    pub seconds: u32,
    /// Whether the answers are kept.
    pub objects: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Answers {
    /// How many were answered, failures included.
    pub requests: u64,
    /// How many failed.
    pub failures: u64,
    /// From the first to the last.
    pub seconds: f64,
    /// Half of them took no longer, in milliseconds.
    pub median: f64,
    /// Ten different errors at most.
    pub errors: Vec<String>,
    /// The objects of all answers, where they are kept.
    pub objects: Vec<Value>,
}

impl RepoServer {
    /// Sends them, and waits for all answers.
    #[must_use]
    pub fn ask(&self, requests: &Requests<'_>) -> Answers {
        let mut command = self.program("argocd-requests");
        command
            .args(["--server", &self.address(), "--repo", &self.repository().url()])
            .arg(format!("--app={}", requests.paths.join(",")))
            .arg(format!("--build-options={}", requests.build_options))
            .arg(format!("--project={}", requests.project))
            .arg(format!("--concurrency={}", requests.concurrency))
            .arg(format!("--count={}", requests.count))
            .arg(format!("--seconds={}", requests.seconds))
            .arg(format!("--manifests={}", requests.objects))
            .stdin(Stdio::null());
        let output = command.output().unwrap_or_else(|error| panic!("argocd-requests: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "argocd-requests: {said}");
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("argocd-requests: {error}"));
        let texts = |key: &str| {
            let texts = answer[key].as_array().into_iter().flatten();
            texts.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let object = |text: &String| {
            serde_json::from_str(text).unwrap_or_else(|error| panic!("a manifest: {error}"))
        };
        Answers {
            requests: answer["requests"].as_u64().unwrap_or_default(),
            failures: answer["failures"].as_u64().unwrap_or_default(),
            seconds: answer["seconds"].as_f64().unwrap_or_default(),
            median: answer["p50Milliseconds"].as_f64().unwrap_or_default(),
            errors: texts("errors"),
            objects: texts("manifests").iter().map(object).collect(),
        }
    }

    /// The objects of one folder, or the error that the controller would show.
    ///
    /// # Errors
    /// The repo-server's.
    pub fn generate(&self, path: &str, build_options: &str) -> Result<Vec<Value>, String> {
        self.generate_for("default", path, build_options)
    }

    /// The same for an Application of a project.
    ///
    /// # Errors
    /// The repo-server's.
    pub fn generate_for(
        &self,
        project: &str,
        path: &str,
        build_options: &str,
    ) -> Result<Vec<Value>, String> {
        let mut answers = self.ask(&Requests {
            paths: &[path.to_owned()],
            build_options,
            project,
            concurrency: 1,
            count: 1,
            seconds: 0,
            objects: true,
        });
        if answers.failures == 0 { Ok(answers.objects) } else { Err(answers.errors.remove(0)) }
    }
}
