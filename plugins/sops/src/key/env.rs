//! The environment as it was when the run started, and the part of it that children get.

use std::ffi::OsString;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// The only variables that a child process (gpg, an age plugin, a key command) inherits. Everything else that the host
/// keeps in its environment is none of its business.
pub const CHILD_ENVIRONMENT: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TERM",
    "TMPDIR",
    "GNUPGHOME",
    "GPG_TTY",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSH_AUTH_SOCK",
];

/// Makes the command that starts a program: whoever owns the process says how its children end.
pub type Starter = fn(&Path) -> Command;

/// Reads a variable.
type Get = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// A reader of the environment, and whether a person may be asked for a passphrase.
#[derive(Clone)]
pub struct Env {
    get: Arc<Get>,
    /// Nobody is there to type a passphrase.
    pub(crate) unattended: bool,
    /// How a program is started.
    pub(crate) starter: Starter,
}

impl Env {
    /// Over a snapshot.
    pub fn new(get: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        Self { get: Arc::new(get), unattended: false, starter: |program| Command::new(program) }
    }

    /// The value of a variable. An empty one is as good as none: that is how sops' users unset them.
    pub fn get(&self, name: &str) -> Option<OsString> {
        (self.get)(name).filter(|value| !value.is_empty())
    }

    /// The value of a variable as a path.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from)
    }

    /// The home of the user.
    pub fn home(&self) -> Option<PathBuf> {
        self.path("HOME")
    }

    /// Where user programs keep their settings: `os.UserConfigDir` of Go.
    pub fn config_home(&self) -> Option<PathBuf> {
        let set = self.path("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
        let default =
            if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
        set.or_else(|| Some(self.home()?.join(default)))
    }

    /// What a child inherits.
    pub fn for_child(&self) -> Vec<(&'static str, OsString)> {
        CHILD_ENVIRONMENT.iter().filter_map(|name| Some((*name, self.get(name)?))).collect()
    }

    /// Finds a program in the absolute folders of `PATH`. A name with a slash is a path already.
    pub fn program(&self, name: &Path) -> Option<PathBuf> {
        if name.components().count() > 1 {
            return name.is_file().then(|| name.to_owned());
        }
        let path = self.get("PATH")?;
        std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .find(|candidate| candidate.is_file())
    }

    /// The command that starts a program that [`Env::program`] found, with a child's environment.
    pub fn command(&self, program: &Path) -> io::Result<Command> {
        // The command may be another program that only becomes this one: it could not say so.
        if program.metadata()?.permissions().mode() & 0o111 == 0 {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let mut command = (self.starter)(program);
        command.env_clear().envs(self.for_child());
        Ok(command)
    }

    /// A path as people write it: below the home it starts with `~`.
    pub fn show(&self, path: &Path) -> String {
        match self.home().and_then(|home| Some(path.strip_prefix(home).ok()?.to_owned())) {
            Some(rest) => format!("~/{}", rest.display()),
            None => path.display().to_string(),
        }
    }
}
