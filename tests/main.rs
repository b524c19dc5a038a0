//! The product's integration tests: one binary, a module for each subject.
