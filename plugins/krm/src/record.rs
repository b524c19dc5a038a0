//! The record: every change of a resource, as one RFC 6902 operation with its reason.

use json_patch::{AddOperation, PatchOperation, jsonptr::PointerBuf};
use serde_json::Value;

/// One change of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The JSON Pointer (RFC 6901) of the `add`; its parent stands.
    pub pointer: String,
    /// What stood there; `None` when nothing did, and for what goes into a list.
    pub old: Option<Value>,
    /// What stands there now.
    pub new: Value,
    /// Why, for `diff`.
    pub why: String,
}

impl Edit {
    /// The RFC 6902 operation; `None` when the pointer is none.
    pub fn operation(&self) -> Option<PatchOperation> {
        let path = PointerBuf::parse(self.pointer.clone()).ok()?;
        Some(PatchOperation::Add(AddOperation { path, value: self.new.clone() }))
    }

    /// Applies the operation; false when it does not fit.
    pub fn apply(&self, value: &mut Value) -> bool {
        // One `add` either applies or changes nothing: there is nothing to undo.
        self.operation()
            .is_some_and(|operation| json_patch::patch_unsafe(value, &[operation]).is_ok())
    }
}
