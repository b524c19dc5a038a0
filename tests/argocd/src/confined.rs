//! How a pod of the upstream manifests runs its containers (manifests/base/repo-server of argo-cd v3.5.7), without a
//! container runtime: uid 999, no capability, no new privileges, a read-only root.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::machine;

/// The user of Argo CD's image.
pub const USER: u32 = 999;

/// A command that runs as a container of the pod does: a mount namespace of its own, whose root is read-only but for
/// `writable`, the user [`USER`] without any capability, and no way to gain one.
///
/// Not as in a pod: the network and the programs of the machine are shared, and the process list unless `first`.
#[derive(Debug, Default)]
pub struct Confined {
    /// The folders that are mounted read-write, as a pod mounts an emptyDir.
    pub writable: Vec<PathBuf>,
    /// Whether the command is process 1 of a process list of its own, as in a container.
    pub first: bool,
    /// A folder whose files stand in `/etc` beside the machine's, as a pod mounts a ConfigMap.
    pub etc: Option<PathBuf>,
}

/// Mounts, and then gives up what was needed to mount. `$1` stands in `/etc`, `$2` folders follow, and then the command.
/// Process 1 sees its own process list.
const SCRIPT: &str = r#"
set -e
if [ -n "$1" ]; then
    mount -t overlay overlay -o "lowerdir=$1:/etc" /etc
fi
if [ $$ = 1 ]; then
    mount -t proc proc /proc
fi
count=$2; shift 2
while [ "$count" -gt 0 ]; do
    mount --bind "$1" "$1"
    count=$((count - 1)); shift
done
mount -t tmpfs -o size=64m,mode=1777 tmpfs /dev/shm
mount -o remount,bind,ro /
exec setpriv --reuid 999 --regid 999 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \
    --pdeathsig KILL -- "$@"
"#;

impl Confined {
    /// The command, so confined. Its environment is kept.
    #[must_use]
    pub fn command(&self, command: &Command) -> Command {
        let mut confined = Command::new(machine("unshare"));
        confined.args(["--mount", "--propagation", "private"]);
        if self.first {
            confined.args(["--pid", "--fork", "--kill-child=KILL"]);
        }
        confined.arg("--");
        confined.arg(machine("sh")).args(["-c", SCRIPT, "confined"]);
        confined.arg(self.etc.clone().unwrap_or_default());
        confined.arg(self.writable.len().to_string()).args(&self.writable);
        confined.arg(command.get_program()).args(command.get_args());
        confined.env_clear();
        let set = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        confined.envs(set.map(|(name, value)| (OsString::from(name), OsString::from(value))));
        if let Some(folder) = command.get_current_dir() {
            confined.current_dir(folder);
        }
        confined
    }
}

/// Gives a folder and all that is in it to [`USER`].
pub(crate) fn hand_over(folder: &Path) {
    let status = Command::new(machine("chown"))
        .args(["-R", "-h", &format!("{USER}:{USER}")])
        .arg(folder)
        .status();
    let given = status.is_ok_and(|status| status.success());
    assert!(given, "{}: these tests run as root, to become uid {USER}", folder.display());
}
