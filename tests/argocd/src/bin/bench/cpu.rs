//! CPU time, as the kernel counts it (`proc_pid_stat(5)`).

use std::process::{Command, Stdio};

use argocd::RepoServer;

use crate::apps::Apps;

/// The kernel's clock tick in milliseconds: `USER_HZ` is 100 on every architecture that matters here.
const TICK: f64 = 10.0;

/// CPU time of a process, in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Cpu {
    /// Its own.
    pub(crate) own: f64,
    /// Of the children that it has waited for, and theirs.
    pub(crate) children: f64,
}

impl Cpu {
    pub(crate) fn of(pid: u32) -> Self {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The second field, the name, may hold blanks; utime is the 14th, and stime, cutime, cstime follow.
        let fields = stat.rsplit_once(") ").map(|(_, rest)| rest).unwrap_or_default();
        let fields: Vec<f64> =
            fields.split(' ').skip(11).take(4).filter_map(|field| field.parse().ok()).collect();
        match fields[..] {
            [user, system, children_user, children_system] => Self {
                own: (user + system) * TICK,
                children: (children_user + children_system) * TICK,
            },
            _ => Self { own: 0.0, children: 0.0 },
        }
    }

    pub(crate) fn since(self, before: Self) -> Self {
        Self { own: self.own - before.own, children: self.children - before.children }
    }
}

/// What one process of ours costs on average over the applications with one to ten Secrets, in milliseconds: called as
/// kustomize calls a plugin.
pub(crate) fn of_one_process(repo_server: &RepoServer, apps: &Apps) -> f64 {
    let before = Cpu::of(std::process::id());
    let mut runs = 0.0;
    for _ in 0..4 {
        for app in &apps.secrets {
            let folder = repo_server.repository().work().join(app);
            let status =
                plugin(repo_server).arg(folder.join("secrets.yaml")).current_dir(&folder).status();
            assert!(status.is_ok_and(|status| status.success()), "{app}");
            runs += 1.0;
        }
    }
    Cpu::of(std::process::id()).since(before).children / runs
}

fn plugin(repo_server: &RepoServer) -> Command {
    let mut plugin = repo_server.plugin("pleach.dev/v1alpha1", "SopsDecrypt");
    plugin.stdin(Stdio::null()).stdout(Stdio::null());
    plugin
}
