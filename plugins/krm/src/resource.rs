//! A resource: reads as a value, changes only with a record.

use std::ops::Deref;

use serde_json::{Map, Value};

use crate::{Edit, Finding, Identity};

/// A resource with the record of what was changed in it.
///
/// It reads as a [`Value`] (Deref) and changes only by [`Resource::set`] and [`Resource::insert`]: each applies one
/// RFC 6902 `add` whose parent stands, making missing maps in the same operation, and records it. Replaying the
/// record on what was read gives what is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    value: Value,
    added: Option<String>,
    edits: Vec<Edit>,
}

impl Deref for Resource {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.value
    }
}

impl Resource {
    /// A resource as it was read.
    pub(crate) fn read(value: Value) -> Self {
        Self { value, added: None, edits: Vec::new() }
    }

    /// A resource that a function adds.
    pub(crate) fn added(value: Value, why: &str) -> Self {
        Self { value, added: Some(why.to_owned()), edits: Vec::new() }
    }

    /// The value, without the record.
    pub(crate) fn into_value(self) -> Value {
        self.value
    }

    /// Puts `new` at `pointer` (RFC 6901), making the maps on the way that are missing or null. Nothing is recorded
    /// when the same value stands there already. The pointer `""` replaces the whole resource.
    ///
    /// What holds the value must be a map: lists take [`Resource::insert`]. An error says which field is in the way;
    /// the manifest is at fault then.
    pub fn set(
        &mut self,
        pointer: &str,
        new: impl Into<Value>,
        why: &str,
    ) -> Result<(), Box<Finding>> {
        let _ = (pointer, new.into(), why);
        unimplemented!()
    }

    /// Puts `new` into the list at the parent of `pointer`, before the item that its last part names (`-`: at the
    /// end). A missing or null list is made. Always recorded: look first whether the item is there already.
    pub fn insert(
        &mut self,
        pointer: &str,
        new: impl Into<Value>,
        why: &str,
    ) -> Result<(), Box<Finding>> {
        let _ = (pointer, new.into(), why);
        unimplemented!()
    }

    /// What was changed, in order.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Why a function added this resource; `None` when it was read.
    pub fn added_because(&self) -> Option<&str> {
        self.added.as_deref()
    }

    /// Which resource it is.
    pub fn id(&self) -> Identity {
        Identity::of(&self.value)
    }

    /// `apiVersion`, or an empty string.
    pub fn api_version(&self) -> &str {
        self.text("/apiVersion").unwrap_or_default()
    }

    /// `kind`, or an empty string.
    pub fn kind(&self) -> &str {
        self.text("/kind").unwrap_or_default()
    }

    /// `metadata.name`, or an empty string.
    pub fn name(&self) -> &str {
        self.text("/metadata/name").unwrap_or_default()
    }

    /// `metadata.namespace`, when one stands there.
    pub fn namespace(&self) -> Option<&str> {
        self.text("/metadata/namespace")
    }

    /// An annotation's text.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.map("/metadata/annotations")?.get(key)?.as_str()
    }

    /// A label's text.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.map("/metadata/labels")?.get(key)?.as_str()
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.value.pointer(pointer)?.as_str()
    }

    fn map(&self, pointer: &str) -> Option<&Map<String, Value>> {
        self.value.pointer(pointer)?.as_object()
    }
}
