//! etcd and kube-apiserver: an API server that admits and stores, without controllers, nodes or a scheduler.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use test_support::{Scratch, machine, tool};

use crate::{Server, free_port, http_ok, keep};

/// The one user, of the group that RBAC lets do everything.
const TOKEN: &str = "token-of-the-test";

/// A running API server of its own, with an empty store.
#[derive(Debug)]
pub struct ControlPlane {
    pub(crate) scratch: Scratch,
    // Dropped in this order.
    apiserver: Server,
    _etcd: Server,
}

impl ControlPlane {
    /// Starts one. It ends when it is dropped.
    ///
    /// Admission plugins that need a controller beside the server (service accounts) are off.
    #[must_use]
    pub fn start() -> Self {
        let scratch = Scratch::new();
        let (client, peer, port) = (free_port(), free_port(), free_port());
        let client_url = format!("http://127.0.0.1:{client}");
        let peer_url = format!("http://127.0.0.1:{peer}");
        let mut command = scratch.command(machine("etcd"));
        command
            .args(["--name", "test", "--unsafe-no-fsync", "--logger", "zap"])
            .args(["--listen-client-urls", &client_url, "--advertise-client-urls", &client_url])
            .args(["--listen-peer-urls", &peer_url, "--initial-advertise-peer-urls", &peer_url])
            .arg(format!("--initial-cluster=test={peer_url}"))
            .arg("--data-dir")
            .arg(scratch.join("etcd"));
        let mut etcd = Server::start("etcd", &command, &scratch.join("etcd.log"));
        etcd.ready(|| http_ok(client, "/health"));

        scratch.write("tokens.csv", format!("{TOKEN},admin,admin,system:masters\n"));
        scratch.write("config", kubeconfig(port));
        let key = scratch.join("service-accounts.key");
        let made = Command::new(machine("ssh-keygen"))
            .args(["-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f"])
            .arg(&key)
            .stdin(Stdio::null())
            .status();
        assert!(made.is_ok_and(|status| status.success()), "no key for service accounts");
        symlink(tool("kube-apiserver", "kube-apiserver"), scratch.dir("bin").join("kubectl"))
            .unwrap_or_else(|error| panic!("kubectl: {error}"));

        let mut command = scratch.command(tool("kube-apiserver", "kube-apiserver"));
        command
            .args(["--etcd-servers", &client_url, "--bind-address", "127.0.0.1"])
            .args(["--secure-port", &port.to_string(), "--authorization-mode", "RBAC"])
            .args(["--service-account-issuer", "https://kubernetes.default.svc"])
            .args(["--service-cluster-ip-range", "10.0.0.0/16", "--allow-privileged=true"])
            .args(["--disable-admission-plugins", "ServiceAccount"])
            .args(["--endpoint-reconciler-type", "none"])
            .arg("--service-account-key-file")
            .arg(&key)
            .arg("--service-account-signing-key-file")
            .arg(&key)
            .arg("--cert-dir")
            .arg(scratch.dir("certificates"))
            .arg("--token-auth-file")
            .arg(scratch.join("tokens.csv"));
        let apiserver = Server::start("kube-apiserver", &command, &scratch.join("apiserver.log"));
        let mut plane = Self { scratch, apiserver, _etcd: etcd };
        let mut readyz = plane.kubectl(&["get", "--raw", "/readyz"]);
        readyz.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        plane.apiserver.ready(|| readyz.status().is_ok_and(|status| status.success()));
        plane
    }

    /// The one of this test process, started by who asks first. It ends with the process, and its folder goes then.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<ControlPlane> = OnceLock::new();
        SHARED.get_or_init(|| {
            keep(|| {
                let plane = Self::start();
                let folder = plane.scratch.path().to_owned();
                (plane, folder)
            })
        })
    }

    /// The file that names the server and its user, for a client of the API.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.scratch.join("config")
    }

    /// What kube-apiserver said.
    #[must_use]
    pub fn log(&self) -> String {
        self.apiserver.log()
    }
}

fn kubeconfig(port: u16) -> String {
    let cluster = format!("{{server: 'https://127.0.0.1:{port}', insecure-skip-tls-verify: true}}");
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: test\n\
         clusters: [{{name: test, cluster: {cluster}}}]\n\
         users: [{{name: admin, user: {{token: {TOKEN}}}}}]\n\
         contexts: [{{name: test, context: {{cluster: test, user: admin}}}}]\n"
    )
}
