//! The environment as it was at the start, and the clean one that children inherit.
//!
//! A plugin inherits everything that its host has, Argo CD's `REDIS_PASSWORD` among it. So the
//! environment is read once into a snapshot, and then the process's own is cut down to what a
//! child (gpg, an age plugin, a key command) needs to work. Libraries spawn children with the
//! process's environment: what is not in it cannot leak through them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::sync::Arc;

/// The variables that stay in the process's own environment; a trailing `*` stands for any ending.
pub const KEPT: &[&str] = &[
    // Where programs and their files are.
    "HOME",
    "PATH",
    "TMPDIR",
    "USER",
    "LOGNAME",
    "SHELL",
    "XDG_*",
    // GnuPG: its home, and how its agent reaches a person.
    "GNUPGHOME",
    "GPG_TTY",
    "PINENTRY_USER_DATA",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    // How text is shown.
    "LANG",
    "LANGUAGE",
    "LC_*",
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "TZ",
];

/// The environment as it was when the process started.
///
/// Its values can be secrets: `Debug` shows the names alone.
#[derive(Clone, Default)]
pub struct Environment {
    variables: Arc<BTreeMap<OsString, OsString>>,
}

impl Environment {
    /// Reads the process's environment and then removes from it all that [`KEPT`] does not name.
    ///
    /// To be called first in `main`: when other threads run already, nothing is removed, since
    /// they could be reading.
    pub fn take() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the snapshot itself")]
        let taken: Self = std::env::vars_os().collect();
        if !alone() {
            return taken;
        }
        for name in taken.variables.keys().filter(|name| !kept(name)) {
            #[expect(unsafe_code, reason = "std has no safe way to remove a variable")]
            // SAFETY: no other thread runs (checked above where the system can tell, the
            // caller's duty elsewhere), so nobody reads the environment meanwhile.
            unsafe {
                std::env::remove_var(name);
            }
        }
        taken
    }

    /// A way to look variables up, to hand to a library.
    pub fn lookup(&self) -> impl Fn(&str) -> Option<OsString> + Send + Sync + 'static {
        let variables = Arc::clone(&self.variables);
        move |name: &str| variables.get(OsStr::new(name)).cloned()
    }

    /// Every variable, by name.
    pub fn all(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// The same with one variable more, or set otherwise.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        Arc::make_mut(&mut self.variables).insert(name.into(), value.into());
        self
    }

    /// A variable; `None` when it is not set.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str)
    }
}

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        Self { variables: Arc::new(variables.into_iter().collect()) }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

/// Whether a variable stays in the process's own environment.
fn kept(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    KEPT.iter().any(|kept| match kept.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *kept,
    })
}

/// Whether this is the only thread. Where `/proc` is missing the caller's word is taken.
#[cfg(all(target_os = "linux", not(pleach_portable)))]
fn alone() -> bool {
    use std::os::unix::fs::MetadataExt;
    // A folder's link count is two and one for each folder in it; a thread is one.
    std::fs::metadata("/proc/self/task").map_or(true, |tasks| tasks.nlink() <= 3)
}

/// Whether this is the only thread: the caller's word is taken.
#[cfg(not(all(target_os = "linux", not(pleach_portable))))]
fn alone() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_keeps_what_gpg_needs_and_nothing_of_the_host() {
        for name in ["HOME", "PATH", "GNUPGHOME", "LC_ALL", "XDG_RUNTIME_DIR", "LANG"] {
            assert!(kept(OsStr::new(name)), "{name}");
        }
        for name in ["REDIS_PASSWORD", "SOPS_AGE_KEY", "PLEACH_SOPS", "LD_PRELOAD", "HOMER", "XDG"]
        {
            assert!(!kept(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let environment: Environment =
            [("SOPS_AGE_KEY".into(), "AGE-SECRET-KEY-1".into())].into_iter().collect();
        assert_eq!(format!("{environment:?}"), r#"{"SOPS_AGE_KEY"}"#);
    }

    // Elsewhere threads cannot be counted, and the caller's word is taken.
    #[cfg(all(target_os = "linux", not(pleach_portable)))]
    #[test]
    fn beside_other_threads_nothing_is_removed() {
        let before = std::env::vars_os().count();
        // The test harness runs this test in a thread of its own.
        let _ = Environment::take();
        assert_eq!(std::env::vars_os().count(), before);
    }
}
