//! The product: every function behind one binary.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod functions;
