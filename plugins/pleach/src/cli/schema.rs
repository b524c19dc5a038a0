//! `pleach schema`: the JSON Schema of a config.

use clap::Args;
use krm::Finding;

use crate::functions::FUNCTIONS;
use crate::pages;

/// Print the JSON Schema of a kind's config, for editors and validators
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The kind (the first of `pleach list` when there is none)
    kind: Option<String>,
}

impl Schema {
    pub(crate) fn text(&self) -> Result<String, Box<Finding>> {
        let kinds = || FUNCTIONS.iter().flat_map(|f| f.kinds.iter().map(move |kind| (f, *kind)));
        let found = match &self.kind {
            None => kinds().next(),
            Some(wanted) => kinds().find(|(f, (_, kind))| kind == wanted || f.name() == *wanted),
        };
        let Some((function, (_, kind))) = found else {
            let wanted = self.kind.as_deref().unwrap_or_default();
            let finding = Finding::error("no-such-kind", format!("no kind `{wanted}`"));
            let near = krm::nearest(wanted, kinds().map(|(_, (_, kind))| kind));
            return Err(Box::new(match near {
                Some(near) => finding.hint(format!("did you mean `{near}`?")),
                None => finding.hint("see pleach list"),
            }));
        };
        Ok(pages::schema(function, kind))
    }
}
