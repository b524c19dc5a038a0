//! The reference walker: what an object refers to, and whether it is there.

mod index;
mod resolve;
mod rows;
mod selector;
mod written;

pub use index::{Index, keys};
pub use resolve::{Missing, dangling};
pub use rows::{ROWS, Row};
pub use selector::{matches, unmatched};
