//! The process list: what runs on behalf of a test.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A process that runs; a zombie does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// The id of its parent.
    pub parent: u32,
    /// Its arguments, joined by blanks.
    pub command: String,
}

/// The state of a process, a letter of `proc_pid_stat(5)`, and the id of its parent.
fn state(pid: u32) -> Option<(String, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

fn all() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").unwrap_or_else(|error| panic!("/proc: {error}"));
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The ids of the children of a process, those that have ended included.
#[must_use]
pub fn children(parent: u32) -> Vec<u32> {
    all().filter(|pid| state(*pid).is_some_and(|(_, of)| of == parent)).collect()
}

/// The ids of the children of a process that have ended, and that it has not waited for.
#[must_use]
pub fn zombies(parent: u32) -> Vec<u32> {
    let ended = |pid: &u32| state(*pid).is_some_and(|(state, of)| of == parent && state == "Z");
    all().filter(ended).collect()
}

impl Process {
    fn read(pid: u32) -> Option<Self> {
        let (state, parent) = state(pid)?;
        let arguments = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let command = String::from_utf8_lossy(&arguments).replace('\0', " ");
        let command = command.trim_end().to_owned();
        (!matches!(state.as_str(), "Z" | "X")).then_some(Self { pid, parent, command })
    }

    /// Whether its program, its working directory or one of its arguments lies in `folder`.
    fn belongs_to(&self, folder: &Path) -> bool {
        let link = |name: &str| fs::read_link(format!("/proc/{}/{name}", self.pid));
        let in_folder = |name| link(name).is_ok_and(|path| path.starts_with(folder));
        let folder_name = String::from_utf8_lossy(folder.as_os_str().as_bytes()).into_owned();
        in_folder("exe") || in_folder("cwd") || self.command.contains(&folder_name)
    }
}

/// The processes whose program, working directory or arguments lie in `folder`, without `known` and this process.
#[must_use]
pub fn below(folder: &Path, known: &BTreeSet<u32>) -> Vec<Process> {
    let others = all().filter(|pid| *pid != std::process::id() && !known.contains(pid));
    let mut found: Vec<Process> =
        others.filter_map(Process::read).filter(|process| process.belongs_to(folder)).collect();
    found.sort();
    found
}
