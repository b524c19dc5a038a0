//! `pleach schema`: the JSON Schema of a config.

use clap::Args;
use krm::{Definition, Finding};

use crate::functions::FUNCTIONS;
use crate::{kinds, pages};

/// Print the JSON Schema of a kind's config, for editors and validators
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The kind (the first of `pleach list` when there is none)
    kind: Option<String>,
}

impl Schema {
    pub(crate) fn text(&self) -> Result<String, Box<Finding>> {
        let first = FUNCTIONS.first().map(Definition::kind).unwrap_or_default();
        let wanted = self.kind.as_deref().unwrap_or(first);
        if let Some((described, kind)) = kinds::named(wanted) {
            return Ok(pages::schema(&described, kind));
        }
        let finding = Finding::error("no-such-kind", format!("no kind `{wanted}`"));
        Err(Box::new(match krm::nearest(wanted, kinds::all()) {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding.hint("see pleach list"),
        }))
    }
}
