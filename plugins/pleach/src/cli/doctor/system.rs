//! What the kernel has to confine a run.

use krm::{loader, rights};

use super::{Line, State};

pub(super) fn look() -> Vec<Line> {
    let openat2 = if loader::opened_by_the_kernel() {
        Line::new(State::Ok, "openat2", "files are opened below the scope by the kernel's own rule")
    } else {
        let found = "missing: a symlink that is swapped while a file is opened can lead outside";
        Line::new(State::Warning, "openat2", found)
            .hint("Linux 5.6, allowed by the container's filter")
    };
    let landlock = match rights::kernel() {
        rights::Enforced::Fully => Line::new(State::Ok, "landlock", "a run gives up its rights"),
        rights::Enforced::Partly => {
            Line::new(State::Warning, "landlock", "a run gives up most of its rights")
                .hint("Linux 6.12 has all that is used")
        }
        rights::Enforced::Not => {
            Line::new(State::Warning, "landlock", "missing: a run keeps the rights of its user")
                .hint("Linux 5.13, allowed by the container's filter")
        }
    };
    vec![openat2, landlock]
}
