//! Waiting for something that another process does: a look every few milliseconds, and a deadline.

use std::time::{Duration, Instant};

/// What `look` finds before the time is up.
pub fn until<T>(time: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + time;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() >= end {
            return None;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Whether `look` comes true before the time is up.
pub fn within(time: Duration, mut look: impl FnMut() -> bool) -> bool {
    until(time, || look().then_some(())).is_some()
}
