//! What we write, against what sops' library writes of the same tree.
