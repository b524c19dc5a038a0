//! What renders manifests: the repo-server with its Redis, its sidecar, and the repository that it fetches from.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use cluster::{Process, Server, below, children, free_port, http_ok, keep};
use test_support::machine;

use crate::Repository;
use crate::layout::Layout;

/// The password of Redis, in the environment of what runs kustomize.
pub const REDIS_PASSWORD: &str = "password-of-redis";

/// What is process 1 of the sidecar, to which the kernel gives every process whose parent has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum First {
    /// Nothing of it: it shares the process list of the machine.
    #[default]
    Machine,
    /// argocd-cmp-server, as in most instructions.
    Server,
    /// tini, as in `argocd/cmp`.
    Init,
}

/// How an Argo CD is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// `kustomize.buildOptions` of argocd-cm.
    pub build_options: &'static str,
    /// Whether our kustomize stands before the real one, as `argocd/wrapper` puts it there.
    pub wrapper: bool,
    /// The plugin.yaml of a sidecar beside the repo-server. The keys are then in the sidecar alone.
    pub sidecar: Option<String>,
    /// What is process 1 of the sidecar.
    pub first: First,
    /// `/etc/pleach/policy.yaml`. `FOLDER` stands for the folder.
    pub policy: Option<&'static str>,
    /// Programs and keys of the operator, that every user can read and run: a path below the folder, and the text.
    pub files: Vec<(&'static str, String)>,
    /// Folders that what runs kustomize can write to, as an emptyDir is.
    pub folders: Vec<&'static str>,
    /// How long the controller waits for the repo-server, in seconds; `None`: Argo CD's default, 60.
    pub patience: Option<u32>,
    /// Variables of what runs kustomize, over those that name the throw-away keys; an empty value takes one out.
    /// `FOLDER` stands for the folder.
    pub variables: Vec<(&'static str, &'static str)>,
}

impl Default for Options {
    /// The plugin form: no commit can name a program.
    fn default() -> Self {
        Self {
            build_options: "--enable-alpha-plugins",
            wrapper: false,
            sidecar: None,
            first: First::default(),
            policy: None,
            files: Vec::new(),
            folders: Vec::new(),
            patience: None,
            variables: Vec::new(),
        }
    }
}

/// A running repo-server. It ends when it is dropped.
#[derive(Debug)]
pub struct RepoServer {
    // Dropped in this order: who asks ends before who answers.
    server: Server,
    sidecar: Option<Server>,
    _redis: Server,
    pub(crate) repository: Repository,
    pub(crate) ports: Ports,
    pub(crate) layout: Layout,
    /// The ids of what serves, this and what stands in front of it.
    pub(crate) servers: BTreeSet<u32>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) redis: u16,
    pub(crate) repo_server: u16,
}

impl RepoServer {
    /// Starts one, with everything that it asks.
    #[must_use]
    pub fn start(options: &Options) -> Self {
        let layout = Layout::new(options);
        let ports = Ports { redis: free_port(), repo_server: free_port() };
        let redis = start_redis(&layout, ports);
        let sidecar =
            options.sidecar.as_ref().map(|plugin| start_sidecar(&layout, plugin, options));
        let server = start_repo_server(&layout, ports, options);
        let repository = Repository::new(layout.folder());
        let servers = [&redis, &server].into_iter().chain(&sidecar).map(Server::pid).collect();
        Self { server, sidecar, _redis: redis, repository, ports, layout, servers }
    }

    /// One for several tests, that lives as long as their process.
    #[must_use]
    pub fn kept(options: impl FnOnce() -> Options + Send + 'static) -> Self {
        keep(move || {
            let started = Self::start(&options());
            let folder = started.folder().to_owned();
            (started, folder)
        })
    }

    /// The git repository.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.layout.scratch.path()
    }

    /// One of the programs in its folder, as root.
    pub(crate) fn program(&self, name: &str) -> Command {
        self.layout.program(name)
    }

    /// A program of the plugin home, with the keys, as root.
    #[must_use]
    pub fn plugin(&self, api_version: &str, kind: &str) -> Command {
        let home = self.layout.join("installed/plugins");
        let file = home.join(api_version).join(kind.to_lowercase()).join(kind);
        let mut command = self.layout.program(&file.display().to_string());
        self.layout.variables(&mut command, &[]);
        command
    }

    /// The folder of temporary files of what runs kustomize in the repo-server.
    #[must_use]
    pub fn temporary(&self) -> PathBuf {
        self.layout.join("tmp")
    }

    /// Its id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// The id of process 1 of the sidecar, where it has a process list of its own.
    #[must_use]
    pub fn first(&self) -> Option<u32> {
        // unshare waits for it.
        children(self.sidecar.as_ref()?.pid()).first().copied()
    }

    /// The address of the repo-server.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.ports.repo_server)
    }

    /// What runs on its behalf beside its own servers.
    #[must_use]
    pub fn leftovers(&self) -> Vec<Process> {
        below(self.folder(), &self.servers)
    }

    /// Every file that a server of it could have written, with what it holds: logs, temporary files, checkouts.
    #[must_use]
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder().to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder);
            let entries =
                entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten();
            for entry in entries {
                let path = entry.path();
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(path),
                    // What goes away while it is read is gone.
                    Ok(kind) if kind.is_file() => {
                        found.extend(fs::read(&path).ok().map(|content| (path, content)));
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// The end of each log, for a message.
    #[must_use]
    pub fn last_lines(&self) -> String {
        let sidecar = self.sidecar.as_ref().map(Server::last_lines).unwrap_or_default();
        format!("{}\n----\n{sidecar}", self.server.last_lines())
    }
}

fn start_redis(layout: &Layout, ports: Ports) -> Server {
    let mut command = layout.scratch.command(machine("redis-server"));
    command.args(["--bind", "127.0.0.1", "--port", &ports.redis.to_string()]).args([
        "--save",
        "",
        "--appendonly",
        "no",
        "--requirepass",
        REDIS_PASSWORD,
    ]);
    let mut redis = Server::start("redis", &command, &layout.join("log/redis"));
    redis.ready(|| TcpStream::connect(("127.0.0.1", ports.redis)).is_ok());
    redis
}

fn start_repo_server(layout: &Layout, ports: Ports, options: &Options) -> Server {
    let metrics = free_port();
    let mut command = layout.program("argocd-repo-server");
    command
        .args(["--disable-tls", "--client-ca-path=", "--logformat", "text"])
        .args(["--address", "127.0.0.1", "--port", &ports.repo_server.to_string()])
        .args(["--metrics-address", "127.0.0.1", "--metrics-port", &metrics.to_string()])
        .env("REDIS_SERVER", format!("127.0.0.1:{}", ports.redis))
        .env("REDIS_PASSWORD", REDIS_PASSWORD)
        .env("ARGOCD_GPG_ENABLED", "false")
        .env("ARGOCD_APP_CONF_PATH", layout.join("app"))
        .env("ARGOCD_TLS_DATA_PATH", layout.join("app/tls"))
        .env("ARGOCD_SSH_DATA_PATH", layout.join("app/ssh"))
        .env("ARGOCD_GNUPGHOME", layout.join("app/gpg/keys"))
        .env("ARGOCD_GPG_DATA_PATH", layout.join("app/gpg/source"))
        .env("ARGOCD_PLUGINSOCKFILEPATH", layout.join("sockets"))
        .env("ARGOCD_ASK_PASS_SOCK", layout.join("tmp/ask-pass.sock"))
        .env("GRPC_ENABLE_TXT_SERVICE_CONFIG", "false");
    if options.wrapper {
        let folders = [layout.join("installed/bin"), layout.join("bin")];
        let [ours, real] = folders.map(|folder| folder.display().to_string());
        command.env("PATH", format!("{ours}:{real}:/usr/bin:/bin"));
    }
    if options.sidecar.is_none() {
        command.env("KUSTOMIZE_PLUGIN_HOME", layout.join("installed/plugins"));
        layout.variables(&mut command, &options.variables);
    }
    let confined = layout.confined(&["tmp", "app/gpg/keys"], options).command(&command);
    let mut server = Server::start("repo-server", &confined, &layout.join("log/repo-server"));
    server.ready(|| http_ok(metrics, "/healthz?full=true"));
    server
}

/// The socket that the sidecar listens on has the plugin's name: `<name>-<version>.sock`.
fn start_sidecar(layout: &Layout, plugin: &str, options: &Options) -> Server {
    layout.scratch.write("cmp/config/plugin.yaml", plugin);
    let mut command = layout.program("argocd-cmp-server");
    if options.first == First::Init {
        let server = command.get_program().to_owned();
        command = layout.program(&machine("tini").display().to_string());
        command.arg("--").arg(server);
    }
    command
        .args(["--logformat", "text", "--config-dir-path"])
        .arg(layout.join("cmp/config"))
        .env("HOME", layout.join("cmp/home"))
        .env("TMPDIR", layout.join("cmp/tmp"))
        .env("ARGOCD_CMP_WORKDIR", layout.join("cmp/tmp"))
        .env("KUSTOMIZE_PLUGIN_HOME", layout.join("installed/plugins"))
        .env("ARGOCD_PLUGINSOCKFILEPATH", layout.join("sockets"));
    layout.variables(&mut command, &options.variables);
    let mut confined = layout.confined(&["cmp/tmp", "sockets"], options);
    confined.first = options.first != First::Machine;
    let confined = confined.command(&command);
    let mut server = Server::start("cmp-server", &confined, &layout.join("log/cmp-server"));
    let sockets = layout.join("sockets");
    server.ready(|| fs::read_dir(&sockets).is_ok_and(|mut sockets| sockets.next().is_some()));
    server
}
