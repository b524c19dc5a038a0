//! `pleach completions`: what a shell completes.

use clap::Args;
use clap_complete::Shell;

/// Print the completions of a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn text(&self) -> String {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut super::command(), "pleach", &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}
