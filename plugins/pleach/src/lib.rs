//! The product: every function behind one binary.

pub mod functions;
