//! What hostile input may cost.

/// Bounds on one text. A text beyond one of them is refused with [`crate::Problem::Limit`].
///
/// The defaults pass a list of 10,000 resources (5 MB, some 600,000 nodes) many times over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text: 32 MiB by default.
    pub bytes: usize,
    /// Collections inside each other: 100 by default; the deepest schemas of Kubernetes stay below 40, and
    /// `serde_json` reads 127 back.
    pub depth: usize,
    /// Scalars, sequences and mappings of the whole text, aliases expanded: 4,000,000 by default.
    pub nodes: usize,
    /// Nodes that stand in the result because an alias was expanded or a merge key applied: 100,000 by default
    /// (go-yaml itself stops at some 400,000).
    pub aliased: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 32 << 20, depth: 100, nodes: 4_000_000, aliased: 100_000 }
    }
}
