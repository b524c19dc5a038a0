//! For whom a text is written.

/// For whom a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Byte for byte what sops 3.13 prints: indent 4, go-yaml's choice of quotes, its oddities included.
    Sops,
    /// For people and for every reader: indent 2, quotes around whatever some YAML 1.1 or 1.2 reader would not read
    /// back as a string.
    People,
}

impl Style {
    /// Columns per level.
    pub(crate) fn indent(self) -> usize {
        match self {
            Self::Sops => 4,
            Self::People => 2,
        }
    }
}
