//! Ends the process when its time is over, or when nobody reads its output any more.
//!
//! A host that gives up (Argo CD's repo-server, at its timeout) kills kustomize alone: the plugin
//! and the plugin's gpg would stay behind. `PR_SET_PDEATHSIG` does not help, it fires when the
//! parent's *thread* ends, which under a Go parent is any time. The end of the pipe that kustomize
//! reads is what tells.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::{Environment, Finding};

mod children;

/// How long a run may take: Argo CD's controller waits 60 s for its repo-server.
pub const DEADLINE: Duration = Duration::from_secs(45);

/// A shorter deadline, in whole seconds; a longer one is refused.
pub const VARIABLE: &str = "PLEACH_DEADLINE";

/// The deadline that holds: [`DEADLINE`], or less by [`VARIABLE`].
pub fn of(environment: &Environment) -> Result<Duration, Box<Finding>> {
    let Some(text) = environment.get(VARIABLE) else { return Ok(DEADLINE) };
    let seconds = text.to_str().and_then(|text| text.parse::<u64>().ok());
    match seconds.map(Duration::from_secs) {
        Some(deadline) if !deadline.is_zero() && deadline <= DEADLINE => Ok(deadline),
        _ => Err(Box::new(
            Finding::error("bad-deadline", format!("{VARIABLE} is no deadline"))
                .hint(format!("whole seconds, from 1 to {}", DEADLINE.as_secs())),
        )),
    }
}

/// Watches from a thread of its own, until the process ends.
pub fn watch(deadline: Duration) {
    let end = Instant::now() + deadline;
    let watch = std::thread::Builder::new().name("deadline".to_owned()).stack_size(128 * 1024);
    // Without the thread the run is only less guarded.
    let _ = watch.spawn(move || match wait(end) {
        Ended::Unread => quit(None),
        Ended::Late => quit(Some(
            &Finding::error("deadline", format!("no result after {} s", deadline.as_secs())).hint(
                "something that a key needs does not answer: a gpg agent, an age plugin, a key command",
            ),
        )),
    });
}

enum Ended {
    Late,
    Unread,
}

fn wait(end: Instant) -> Ended {
    let stdout = io::stdout();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ended::Late;
        }
        let left = Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        };
        // No event is asked for: errors and the reader's end are reported all the same.
        let mut watched = [PollFd::new(&stdout, PollFlags::empty())];
        match poll(&mut watched, Some(&left)) {
            Ok(0) | Err(Errno::INTR) => {}
            Ok(_) if watched[0].revents().intersects(PollFlags::ERR | PollFlags::HUP) => {
                return Ended::Unread;
            }
            // Standard output cannot be watched: the deadline still holds.
            Ok(_) | Err(_) => {
                std::thread::sleep(end.saturating_duration_since(Instant::now()));
                return Ended::Late;
            }
        }
    }
}

/// Set once the process ends from here: what the main thread would say of its killed child is noise.
static OVER: AtomicBool = AtomicBool::new(false);

/// Waits for the end when the deadline has ended the process already; else returns at once.
pub(crate) fn hold() {
    while OVER.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

#[expect(clippy::exit, reason = "the main thread waits for a child, nothing else ends it")]
fn quit(why: Option<&Finding>) -> ! {
    OVER.store(true, Ordering::SeqCst);
    children::kill();
    if let Some(why) = why {
        let _ = io::stderr().write_all(why.to_string().as_bytes());
    }
    std::process::exit(1)
}
