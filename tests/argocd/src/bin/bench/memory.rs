//! Resident memory of everything below a process, sampled while a load runs.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// The largest sums that were seen, in MiB. Pages that several processes share count for each.
#[derive(Clone, Copy, Default)]
pub(crate) struct Peak {
    /// Of all children at one moment.
    pub(crate) children: f64,
    /// Of all kustomize processes at one moment.
    pub(crate) kustomize: f64,
    /// The most kustomize processes at one moment.
    pub(crate) builds: u32,
}

/// A thread that samples.
pub(crate) struct Memory {
    stop: Arc<AtomicBool>,
    sampler: JoinHandle<Peak>,
}

impl Memory {
    pub(crate) fn watch(pid: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&stop);
        let sampler = std::thread::spawn(move || {
            let mut peak = Peak::default();
            while !ended.load(Ordering::Relaxed) {
                sample(pid, &mut peak);
                std::thread::park_timeout(Duration::from_millis(3));
            }
            peak
        });
        Self { stop, sampler }
    }

    pub(crate) fn peak(self) -> Peak {
        self.stop.store(true, Ordering::Relaxed);
        self.sampler.join().unwrap_or_default()
    }
}

fn sample(pid: u32, peak: &mut Peak) {
    let (mut all, mut kustomize, mut builds) = (0.0, 0.0, 0);
    let mut parents = vec![pid];
    while let Some(parent) = parents.pop() {
        for task in fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
                let name = name(child);
                parents.push(child);
                // Until it has become its program, a child of kustomize is kustomize's own memory once more.
                if name == "kustomize" && self::name(parent) == name {
                    continue;
                }
                let resident = resident(child);
                // git, and what has not become its program yet, is not what a build costs.
                if matches!(name.as_str(), "kustomize" | "SopsDecrypt") {
                    all += resident;
                }
                if name == "kustomize" {
                    kustomize += resident;
                    builds += 1;
                }
            }
        }
    }
    peak.children = peak.children.max(all);
    peak.kustomize = peak.kustomize.max(kustomize);
    peak.builds = peak.builds.max(builds);
}

/// The name of a process's program, cut to 15 bytes.
fn name(pid: u32) -> String {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim_end().to_owned()
}

/// In MiB (`VmRSS` of `proc_pid_status(5)`).
fn resident(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}
