//! Where there is no Landlock, the loader alone keeps a run inside its scope.

use super::{Allowed, Enforced};

pub(super) fn harden() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}

pub(super) fn confine(_: &Allowed) -> Enforced {
    Enforced::Not
}

pub(super) fn give_up_the_rest(_: &[std::path::PathBuf]) -> Enforced {
    Enforced::Not
}

pub(super) fn kernel() -> Enforced {
    Enforced::Not
}
