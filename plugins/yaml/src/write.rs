//! Writers.

mod style;

pub use style::Style;

use crate::Document;

/// Writes documents in go-yaml v3's block style.
pub fn block(_documents: &[Document], _style: Style) -> String {
    String::new()
}
