//! kubectl of the server's own release: to apply, to ask, and to be told of every change.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::Value;
use test_support::crds;

use crate::ControlPlane;

/// What became of an object that was waited for.
#[derive(Debug)]
pub enum Watched<T> {
    /// What was looked for.
    Found(T),
    /// The time is up; the last state of the object, if it was there at all.
    TimedOut(Option<Box<Value>>),
}

impl ControlPlane {
    /// kubectl with these arguments.
    #[must_use]
    pub fn kubectl(&self, arguments: &[&str]) -> Command {
        let mut command = self.scratch.command(self.scratch.join("bin/kubectl"));
        command.env("KUBECONFIG", self.kubeconfig()).args(arguments);
        command
    }

    /// Server-side apply of manifests, with every unknown or duplicate field an error.
    pub fn apply(&self, manifests: &str) {
        let applied = self.send(&["apply", "--server-side", "--validate=strict"], manifests);
        assert!(applied.status.success(), "{}", said(&applied));
    }

    /// The custom resources of Traefik, cert-manager and the Gateway API: what routes and certificates are.
    pub fn routes(&self) {
        let mut manifests = String::new();
        let folder = crds();
        let files = std::fs::read_dir(&folder);
        let files = files.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for file in files.flatten() {
            let text = std::fs::read_to_string(file.path());
            manifests += &text.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        }
        self.apply(&manifests);
        let all =
            ["ingressroutes.traefik.io", "middlewares.traefik.io", "certificates.cert-manager.io"];
        for name in all {
            self.run(&[
                "wait",
                "--for=condition=Established",
                "--timeout=60s",
                &format!("crd/{name}"),
            ]);
        }
    }

    /// [`apply`](Self::apply), in a namespace where a manifest names none.
    pub fn apply_in(&self, namespace: &str, manifests: &str) {
        let arguments = ["apply", "--server-side", "--validate=strict", "-n", namespace];
        let applied = self.send(&arguments, manifests);
        assert!(applied.status.success(), "{}", said(&applied));
    }

    /// What the server says to manifests, without keeping them: admission, defaults, and every unknown or duplicate
    /// field an error.
    ///
    /// # Errors
    /// What kubectl prints when the server refuses one of them.
    pub fn dry_run(&self, manifests: &str) -> Result<String, String> {
        let arguments = ["apply", "--server-side", "--validate=strict", "--dry-run=server"];
        let output = self.send(&arguments, manifests);
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(said(&output))
        }
    }

    /// An object, if it is there. `kind` is a resource with its group, as in `applications.argoproj.io`.
    #[must_use]
    pub fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<Value> {
        let arguments = ["get", kind, name, "-n", namespace, "-o", "json", "--ignore-not-found"];
        let output = self.kubectl(&arguments).stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("kubectl: {error}"));
        assert!(output.status.success(), "{}", said(&output));
        (!output.stdout.is_empty()).then(|| json(&output.stdout))
    }

    /// The names of all objects of a kind in a namespace, sorted.
    #[must_use]
    pub fn names(&self, kind: &str, namespace: &str) -> Vec<String> {
        let arguments = ["get", kind, "-n", namespace, "-o", "name"];
        let output = self.kubectl(&arguments).stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("kubectl: {error}"));
        assert!(output.status.success(), "{}", said(&output));
        let mut names: Vec<String> =
            String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// Runs kubectl and expects that it succeeds.
    pub fn run(&self, arguments: &[&str]) {
        let output = self.kubectl(arguments).stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("kubectl: {error}"));
        assert!(output.status.success(), "kubectl {arguments:?}: {}", said(&output));
    }

    /// Hands every state of an object, from now on, to `look`, until it finds what it looks for or the time is up.
    pub fn watch<T>(
        &self,
        kind: &str,
        namespace: &str,
        name: &str,
        time: Duration,
        mut look: impl FnMut(&Value) -> Option<T>,
    ) -> Watched<T> {
        let end = Instant::now() + time;
        let selector = format!("metadata.name={name}");
        let arguments =
            ["get", kind, "-n", namespace, "--field-selector", &selector, "--watch", "-o", "json"];
        let mut kubectl = self.kubectl(&arguments);
        kubectl.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = kubectl.spawn().unwrap_or_else(|error| panic!("kubectl: {error}"));
        let (send, receive) = mpsc::channel();
        let stdout = child.stdout.take();
        let reader = std::thread::spawn(move || {
            let states = stdout.map(serde_json::Deserializer::from_reader);
            for state in states.into_iter().flat_map(serde_json::Deserializer::into_iter::<Value>) {
                if state.is_ok_and(|state| send.send(state).is_ok()) {
                    continue;
                }
                break;
            }
        });
        let mut last = None;
        let watched = loop {
            match receive.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(state) => {
                    if let Some(found) = look(&state) {
                        break Watched::Found(found);
                    }
                    last = Some(Box::new(state));
                }
                Err(RecvTimeoutError::Timeout) => break Watched::TimedOut(last),
                Err(RecvTimeoutError::Disconnected) => panic!("kubectl --watch of {kind} ended"),
            }
        };
        let _ = child.kill();
        let _ = child.wait();
        let _ = reader.join();
        watched
    }

    fn send(&self, arguments: &[&str], manifests: &str) -> Output {
        let mut kubectl = self.kubectl(arguments);
        kubectl.args(["-f", "-"]);
        kubectl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = kubectl.spawn().unwrap_or_else(|error| panic!("kubectl: {error}"));
        let mut pipe = child.stdin.take();
        let manifests = manifests.as_bytes().to_vec();
        let writer =
            std::thread::spawn(move || pipe.as_mut().map(|pipe| pipe.write_all(&manifests)));
        let output = child.wait_with_output();
        let _ = writer.join();
        output.unwrap_or_else(|error| panic!("kubectl: {error}"))
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim_end().to_owned()
}

fn json(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap_or_else(|error| panic!("kubectl: {error}"))
}
