//! The product: every function behind one binary.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod built;
pub mod cli;
pub mod explanation;
pub mod front;
pub mod functions;
pub mod home;
pub mod hooks;
pub mod install;
pub mod kinds;
pub mod pages;
pub mod wrapper;
