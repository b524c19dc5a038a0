//! `pleach list`: the functions of this binary.

use std::fmt::Write;

use clap::Args;

use crate::functions::FUNCTIONS;

/// List the functions and the kinds that they answer to
#[derive(Debug, Args)]
pub(crate) struct List {}

impl List {
    pub(crate) fn text() -> String {
        let mut text = String::new();
        for function in FUNCTIONS {
            let _ = writeln!(text, "{}: {}", function.name(), function.summary());
            for (api_version, kind) in function.kinds {
                let _ = writeln!(text, "  {api_version} {kind}");
            }
        }
        text
    }
}
