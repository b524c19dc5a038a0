//! The floor: a process that does nothing, linked as the shipped binary is.

fn main() {}
