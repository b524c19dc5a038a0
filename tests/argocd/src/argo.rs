//! One Argo CD: its repo-server, its controller and its namespace in the API server.

use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};

use cluster::{ControlPlane, Server, free_port, http_ok, keep};

use crate::layout::VERSION;
use crate::repo_server::{Options, REDIS_PASSWORD, RepoServer};
use crate::{Application, Form, configuration};

/// A running Argo CD. It ends when it is dropped.
#[derive(Debug)]
pub struct Argo {
    // Dropped in this order: who asks ends before who answers.
    controller: Server,
    repo_server: RepoServer,
    pub(crate) plane: &'static ControlPlane,
    pub(crate) namespace: String,
    pub(crate) target: String,
}

impl Deref for Argo {
    type Target = RepoServer;

    fn deref(&self) -> &RepoServer {
        &self.repo_server
    }
}

impl Argo {
    /// Starts one in front of the API server of this test process.
    #[must_use]
    pub fn start(options: &Options) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let (namespace, target) = (format!("argocd-{count}"), format!("apps-{count}"));
        let plane = ControlPlane::shared();
        configuration::custom_resources(plane);
        let mut repo_server = RepoServer::start(options);
        let mut settings = serde_json::json!({"kustomize.buildOptions": options.build_options});
        if options.wrapper {
            let layout = &repo_server.layout;
            let version = layout.join("installed/versions").join(VERSION).join("kustomize");
            settings[format!("kustomize.path.{VERSION}")] = version.display().to_string().into();
            // What an operator must not register: tests show with it what the wrapper is for.
            let bare = layout.join("bin/kustomize");
            settings["kustomize.path.bare"] = bare.display().to_string().into();
        }
        configuration::namespaces(plane, &namespace, &target, settings);
        let controller = start_controller(&repo_server, plane, &namespace, options);
        repo_server.servers.insert(controller.pid());
        Self { controller, repo_server, plane, namespace, target }
    }

    /// One for several tests, that lives as long as their process.
    #[must_use]
    pub fn kept(options: impl FnOnce() -> Options + Send + 'static) -> Self {
        keep(move || {
            let argo = Self::start(&options());
            let folder = argo.folder().to_owned();
            (argo, folder)
        })
    }

    /// The API server that it deploys into.
    #[must_use]
    pub fn plane(&self) -> &'static ControlPlane {
        self.plane
    }

    /// The namespace that it stands in, with its Applications.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The namespace that Applications deploy into.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// An Application that syncs `path` of the repository by itself.
    #[must_use]
    pub fn application(&self, name: &str, path: &str, form: Form<'_>) -> Application<'_> {
        Application::create(self, name, path, form, "")
    }

    /// The same with sync options, as in `Prune=false, Validate=false`.
    #[must_use]
    pub fn application_with(
        &self,
        name: &str,
        path: &str,
        form: Form<'_>,
        options: &str,
    ) -> Application<'_> {
        Application::create(self, name, path, form, options)
    }

    /// The end of every log, for a message.
    #[must_use]
    pub fn last_lines(&self) -> String {
        format!("{}\n----\n{}", self.controller.last_lines(), self.repo_server.last_lines())
    }
}

fn start_controller(
    repo_server: &RepoServer,
    plane: &ControlPlane,
    namespace: &str,
    options: &Options,
) -> Server {
    let (layout, ports, metrics) = (&repo_server.layout, &repo_server.ports, free_port());
    let mut command = layout.program("argocd-application-controller");
    command
        .args(["--repo-server", &repo_server.address(), "--repo-server-plaintext"])
        .args(["--redis", &format!("127.0.0.1:{}", ports.redis)])
        .args(["--namespace", namespace, "--logformat", "text"])
        .args(["--metrics-port", &metrics.to_string()])
        .env("TMPDIR", layout.scratch.dir("controller"))
        .env("KUBECONFIG", plane.kubeconfig())
        .env("REDIS_PASSWORD", REDIS_PASSWORD)
        .env("ARGOCD_FAKE_IN_CLUSTER", "true");
    if let Some(seconds) = options.patience {
        command.args(["--repo-server-timeout-seconds", &seconds.to_string()]);
    }
    let log = layout.join("log/controller");
    let mut controller = Server::start("application-controller", &command, &log);
    controller.ready(|| http_ok(metrics, "/healthz"));
    controller
}
