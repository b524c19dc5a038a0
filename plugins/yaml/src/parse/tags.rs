//! Tags and the `%TAG` directives that abbreviate them.

use std::borrow::Cow;

use crate::error::syntax;
use crate::{Error, Position};

/// The handles that the current document declares.
#[derive(Default)]
pub(super) struct Tags<'t> {
    handles: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

impl<'t> Tags<'t> {
    pub(super) fn clear(&mut self) {
        self.handles.clear();
    }

    pub(super) fn declare(
        &mut self,
        handle: Cow<'t, str>,
        prefix: Cow<'t, str>,
        position: Position,
    ) -> Result<(), Error> {
        if self.handles.iter().any(|(known, _)| *known == handle) {
            return Err(syntax(position, "a %TAG handle is declared twice"));
        }
        self.handles.push((handle, prefix));
        Ok(())
    }

    /// The long form of a tag.
    pub(super) fn resolve(
        &self,
        handle: &str,
        suffix: Cow<'t, str>,
        position: Position,
    ) -> Result<Cow<'t, str>, Error> {
        if let Some((_, prefix)) = self.handles.iter().find(|(known, _)| known == handle) {
            return Ok(format!("{prefix}{suffix}").into());
        }
        match handle {
            // Verbatim.
            "" => Ok(suffix),
            "!" => Ok(format!("!{suffix}").into()),
            "!!" => Ok(format!("tag:yaml.org,2002:{suffix}").into()),
            _ => Err(syntax(position, "an undeclared tag handle")),
        }
    }
}
