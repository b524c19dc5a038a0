//! The product: every function behind one binary.
