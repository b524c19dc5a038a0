//! `pleach man`: the manual page.

use clap::Args;

/// Print the manual page
#[derive(Debug, Args)]
pub(crate) struct Man {}

impl Man {
    pub(crate) fn text() -> String {
        let mut text = Vec::new();
        // Writing into memory does not fail.
        let _ = clap_mangen::Man::new(super::command()).render(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}
