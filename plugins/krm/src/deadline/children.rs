//! Kills what this process has started: a gpg that waits for its agent outlives its parent.

#[cfg(all(target_os = "linux", not(pleach_portable)))]
pub(super) fn kill() {
    use rustix::process::{Pid, Signal, getpid, kill_process};

    // A child can start another between the look and the kill; three looks are enough for what
    // does not mean to escape.
    for _ in 0..3 {
        let all = processes();
        let mut family = vec![getpid().as_raw_nonzero().get()];
        let mut at = 0;
        while let Some(parent) = family.get(at).copied() {
            let born = all.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid);
            family.extend(born.collect::<Vec<_>>());
            at += 1;
        }
        if family.len() == 1 {
            return;
        }
        for pid in family.into_iter().skip(1).filter_map(Pid::from_raw) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// Every process with its parent.
#[cfg(all(target_os = "linux", not(pleach_portable)))]
#[allow(clippy::disallowed_methods, reason = "the kernel's list of processes")]
fn processes() -> Vec<(i32, i32)> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(|pid| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // `pid (name) state parent ...`, proc_pid_stat(5); the name can hold anything.
        let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
        if rest.next()? == "Z" {
            return None;
        }
        Some((pid, rest.next()?.parse().ok()?))
    })
    .collect()
}

/// Elsewhere a child ends when it writes to us.
#[cfg(not(all(target_os = "linux", not(pleach_portable))))]
pub(super) fn kill() {}
