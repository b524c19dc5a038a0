//! Writers: compact JSON that is YAML as well, and go-yaml v3's block style.

mod analysis;
mod block;
mod emitter;
mod json;
mod leaf;
mod people;
mod style;

pub use block::block;
pub use json::{json, json_into, json_length};
pub use people::people;
pub use style::Style;
