//! `pleach docs`: the page of a function or of a finding.

use std::fmt::Write;

use clap::Args;
use krm::Finding;

use crate::functions::FUNCTIONS;
use crate::kinds::{self, OTHERS};
use crate::{explanation, pages};

/// Print the reference page of a function, or what a finding means
///
/// Without a name: everything that there is a page for.
#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// A function, a kind, or the id of a finding
    name: Option<String>,
}

impl Docs {
    pub(crate) fn text(&self) -> Result<String, Box<Finding>> {
        let Some(name) = &self.name else { return Ok(contents()) };
        if let Some((described, _)) = kinds::named(name) {
            return Ok(pages::reference(&described));
        }
        // Two crates can say the same of different things: both pages are shown.
        let pages: Vec<&str> = explanation::all()
            .into_iter()
            .filter(|(id, _)| id == name)
            .map(|(_, page)| page)
            .collect();
        if !pages.is_empty() {
            return Ok(format!("# {name}\n\n{}\n", pages.join("\n\n")));
        }
        let finding = Finding::error("no-such-page", format!("no page `{name}`"));
        let functions: Vec<String> = FUNCTIONS.iter().map(krm::Definition::name).collect();
        let others = OTHERS.iter().map(|other| other.name);
        let ids = explanation::all().into_iter().map(|(id, _)| id);
        Err(Box::new(
            match krm::nearest(name, functions.iter().map(String::as_str).chain(others).chain(ids))
            {
                Some(near) => finding.hint(format!("did you mean `{near}`?")),
                None => finding.hint("pleach docs lists all pages"),
            },
        ))
    }
}

fn contents() -> String {
    let mut text = String::from("functions:\n");
    for function in FUNCTIONS {
        let _ = writeln!(text, "  {}", function.name());
    }
    text.push_str("other kinds:\n");
    for other in OTHERS {
        let _ = writeln!(text, "  {}", other.name);
    }
    text.push_str("findings:\n");
    for (id, _) in explanation::all() {
        let _ = writeln!(text, "  {id}");
    }
    text
}
