//! A machine of its own for a test: an `/etc` with a policy, and a user who cannot write it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::build::PLEACH;
use test_support::{Scratch, kustomize, machine as program};

/// Who builds when the tests run as root; any other user builds as itself.
pub(crate) const BUILDER: u32 = 4242;

/// An `/etc` with a policy, our binary and kustomize, readable for everybody.
pub(crate) struct Machine {
    pub(crate) scratch: Scratch,
}

impl Machine {
    /// `DIR` in the policy is the folder of the machine.
    pub(crate) fn new(policy: &str) -> Self {
        let machine = Self { scratch: Scratch::new() };
        let scratch = &machine.scratch;
        fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::copy(PLEACH, scratch.join("pleach")).unwrap();
        scratch.write("etc/pleach/policy.yaml", policy.replace("DIR", &machine.dir()));
        scratch.write("etc/passwd", "root:x:0:0::/:/bin/sh\n");
        machine
    }

    /// Also the real kustomize, a plugin home, and our binary under its other names in `bin/`.
    pub(crate) fn with_kustomize(policy: &str) -> Self {
        let machine = Self::new(policy);
        fs::copy(kustomize(), machine.scratch.dir("real").join("kustomize")).unwrap();
        let mut install = machine.scratch.command(PLEACH);
        install.arg("install").arg(machine.scratch.join("bin")).arg("--kustomize");
        install.arg("--plugins").arg(machine.scratch.join("plugins"));
        assert!(install.output().unwrap().status.success());
        machine
    }

    pub(crate) fn dir(&self) -> String {
        self.scratch.path().display().to_string()
    }

    /// A program of that machine, in a folder of it. `as_root`: the user that builds can write the policy.
    pub(crate) fn command(&self, as_root: bool, folder: &str, program_: &Path) -> Command {
        let root = is_root();
        let mut command = self.scratch.command(program("unshare"));
        command.current_dir(self.scratch.join(folder));
        command.args(if root { vec!["-m"] } else { vec!["-U", "-r", "-m"] });
        // A mapped root owns the file outside: only the mount keeps it from writing.
        let read_only = if root || as_root { "" } else { "mount -o remount,bind,ro /etc\n" };
        let user = if root && !as_root {
            format!("setpriv --reuid {BUILDER} --regid {BUILDER} --clear-groups")
        } else {
            String::new()
        };
        let script = format!(
            "set -e\nmount --bind {0}/etc /etc\n{read_only}exec {user} \"$@\"",
            self.scratch.path().display()
        );
        command.args(["sh", "-c", &script, "sh"]).arg(program_);
        command.env("KUSTOMIZE_PLUGIN_HOME", self.scratch.join("plugins"));
        command.env("PLEACH_KUSTOMIZE", self.scratch.join("real/kustomize"));
        command.stdin(Stdio::null());
        command
    }
}

/// Whether the tests run as root.
pub(crate) fn is_root() -> bool {
    let probe = Command::new(program("id")).arg("-u").output().unwrap();
    probe.stdout == b"0\n"
}
