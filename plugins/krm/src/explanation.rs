//! What each finding of this crate means: the pages behind the ids.

pub mod confinement;

/// (id, page): `pleach docs ID` prints the page. Every id that the crate uses stands here; a test compares.
pub const EXPLANATIONS: &[(&str, &str)] = &[];
