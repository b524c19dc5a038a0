//! The registry: every function that the product holds.

use krm::Definition;

/// Every function, in the order in which help and documentation list them.
pub const FUNCTIONS: &[Definition] = &[];
