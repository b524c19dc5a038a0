//! A resource: reads as a value, changes only with a record.

use std::fmt;
use std::ops::Deref;

use serde_json::Value;
use zeroize::Zeroize as _;

use crate::record::{self, Obstacle};
use crate::{Edit, Finding, Identity, pointer};

/// A resource with the record of what was changed in it.
///
/// It reads as a [`Value`] (Deref) and changes only by [`Resource::set`] and [`Resource::insert`]: each applies one
/// RFC 6902 `add` whose parent stands, making missing maps in the same operation, and records it. Replaying the
/// record on what was read gives what is written.
///
/// Beyond the reach of the running Pipeline ([`Resource::in_reach`]) it can be read and not changed: both do nothing.
///
/// `Debug` shows no value: it may be a secret's.
#[derive(Clone, PartialEq)]
pub struct Resource {
    value: Value,
    added: Option<String>,
    edits: Vec<Edit>,
    beyond: bool,
}

impl Deref for Resource {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.value
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource")
            .field("id", &self.id())
            .field("edits", &self.edits)
            .finish_non_exhaustive()
    }
}

impl Resource {
    /// A resource as it was read.
    pub(crate) fn read(value: Value) -> Self {
        Self { value, added: None, edits: Vec::new(), beyond: false }
    }

    /// A resource that a function adds.
    pub(crate) fn added(value: Value, why: &str) -> Self {
        Self { value, added: Some(why.to_owned()), edits: Vec::new(), beyond: false }
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
        if self.beyond {
            return Ok(());
        }
        let planned = record::set(&self.value, pointer, new.into(), why);
        if let Some(edit) = planned.map_err(|obstacle| self.refused(obstacle))? {
            self.apply(edit);
        }
        Ok(())
    }

    /// Puts `new` into the list at the parent of `pointer`, before the item that its last part names (`-`: at the
    /// end). A missing or null list is made. Always recorded: look first whether the item is there already.
    pub fn insert(
        &mut self,
        pointer: &str,
        new: impl Into<Value>,
        why: &str,
    ) -> Result<(), Box<Finding>> {
        if self.beyond {
            return Ok(());
        }
        let edit = record::insert(&self.value, pointer, new.into(), why)
            .map_err(|obstacle| self.refused(obstacle))?;
        self.apply(edit);
        Ok(())
    }

    fn apply(&mut self, edit: Edit) {
        // What was planned on this very value fits it.
        if edit.apply(&mut self.value) {
            self.edits.push(edit);
        }
    }

    fn refused(&self, obstacle: Obstacle) -> Box<Finding> {
        Box::new(
            Finding::error("cannot-edit", obstacle.message)
                .on(self.id())
                .field(obstacle.field)
                .hint("correct the manifest, or take it out of the function's reach"),
        )
    }

    /// Overwrites every text in it, and in its record.
    pub(crate) fn wipe(&mut self) {
        wipe(&mut self.value);
        for edit in &mut self.edits {
            edit.old.iter_mut().for_each(wipe);
            wipe(&mut edit.new);
        }
    }

    /// Whether the running Pipeline is for it. What is beyond its `scope` is still there to be read: parents,
    /// controllers, names that are taken.
    pub fn in_reach(&self) -> bool {
        !self.beyond
    }

    /// Puts it within reach of what runs next, or beyond.
    pub(crate) fn reach(&mut self, within: bool) {
        self.beyond = !within;
    }

    /// What was changed, in order.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Whether a function changed or added it.
    pub fn touched(&self) -> bool {
        self.added.is_some() || !self.edits.is_empty()
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
        text(&self.value, "apiVersion").unwrap_or_default()
    }

    /// `kind`, or an empty string.
    pub fn kind(&self) -> &str {
        text(&self.value, "kind").unwrap_or_default()
    }

    /// `metadata.name`, or an empty string.
    pub fn name(&self) -> &str {
        self.metadata("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// `metadata.namespace`, when one stands there.
    pub fn namespace(&self) -> Option<&str> {
        self.metadata("namespace")?.as_str()
    }

    /// An annotation's text.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        text(self.metadata("annotations")?, key)
    }

    /// A label's text.
    pub fn label(&self, key: &str) -> Option<&str> {
        text(self.metadata("labels")?, key)
    }

    /// A field of it.
    pub fn get(&self, field: &str) -> Option<&Value> {
        pointer::get(&self.value, field)
    }

    /// What stands at a pointer (RFC 6901).
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {
        pointer::at(&self.value, pointer)
    }

    fn metadata(&self, field: &str) -> Option<&Value> {
        pointer::get(self.get("metadata")?, field)
    }
}

fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    pointer::get(value, field)?.as_str()
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(map) => map.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn ingress() -> Resource {
        Resource::read(json!({
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": {"name": "web", "namespace": "media", "annotations": null},
            "spec": {"rules": [{"host": "a.example"}], "tls": "no"},
        }))
    }

    #[test]
    fn set_makes_the_missing_maps_in_the_same_operation() {
        let mut web = ingress();
        web.set("/metadata/labels/a~1b", "x", "because").unwrap();
        assert_eq!(web.label("a/b"), Some("x"));
        let [edit] = web.edits() else { panic!("one edit, not {:?}", web.edits()) };
        assert_eq!(edit.pointer, "/metadata/labels");
        assert_eq!((&edit.old, &edit.new), (&None, &json!({"a/b": "x"})));
        assert_eq!(edit.why, "because");
    }

    #[test]
    fn null_annotations_become_a_map() {
        let mut web = ingress();
        web.set("/metadata/annotations/a", "x", "because").unwrap();
        assert_eq!(web.annotation("a"), Some("x"));
        assert_eq!(web.edits()[0].old, Some(Value::Null));
    }

    #[test]
    fn the_same_value_again_records_nothing() {
        let mut web = ingress();
        web.set("/metadata/namespace", "media", "because").unwrap();
        assert!(!web.touched());
    }

    #[test]
    fn other_annotations_stay_as_they_are() {
        let mut web = Resource::read(json!({"metadata": {"annotations": {
            "internal.config.kubernetes.io/needsHashSuffix": "enabled", "z": "1", "a": "2"}}}));
        web.set("/metadata/annotations/m", "3", "because").unwrap();
        let kept: Vec<_> = web["metadata"]["annotations"].as_object().unwrap().keys().collect();
        assert_eq!(kept, ["internal.config.kubernetes.io/needsHashSuffix", "z", "a", "m"]);
    }

    #[test]
    fn insert_goes_into_a_list_or_makes_it() {
        let mut web = ingress();
        web.insert("/spec/rules/0", json!({"host": "first"}), "because").unwrap();
        web.insert("/spec/rules/-", json!({"host": "last"}), "because").unwrap();
        web.insert("/metadata/finalizers/-", "f", "because").unwrap();
        web.insert("/status/a/b/-", 1, "because").unwrap();
        assert_eq!(
            web["spec"]["rules"],
            json!([{"host": "first"}, {"host": "a.example"}, {"host": "last"}])
        );
        assert_eq!(web["metadata"]["finalizers"], json!(["f"]));
        assert_eq!(web["status"], json!({"a": {"b": [1]}}));
    }

    #[test]
    fn what_is_no_map_is_an_error_that_names_the_field() {
        let mut web = ingress();
        let error = web.set("/spec/tls/secretName", "x", "because").unwrap_err();
        insta::assert_snapshot!(error, @r"
        error: Ingress media/web: spec.tls: expected a map, found a string
        hint: correct the manifest, or take it out of the function's reach
        ");
        assert!(web.set("/spec/rules/0", "x", "because").is_err());
        assert!(web.set("/spec/rules/7/host", "x", "because").is_err());
        assert!(web.insert("/spec/rules/7", "x", "because").is_err());
        assert!(web.set("spec", "x", "because").is_err());
        assert!(!web.touched());
    }

    #[test]
    fn a_wiped_resource_holds_no_text_in_its_value_nor_in_its_record() {
        let mut secret = Resource::read(json!({"data": {"password": "old", "list": [["a"]]}}));
        secret.set("/data/password", "hunter2", "because").unwrap();
        secret.wipe();
        assert_eq!(*secret, json!({"data": {"password": "", "list": [[""]]}}));
        assert_eq!(
            (&secret.edits()[0].old, &secret.edits()[0].new),
            (&Some(json!("")), &json!(""))
        );
    }

    #[test]
    fn debug_shows_no_value() {
        let mut secret = Resource::read(json!({"kind": "Secret", "data": {"password": "old"}}));
        secret.set("/data/password", "hunter2", "because").unwrap();
        let shown = format!("{secret:?}");
        assert!(shown.contains("/data/password") && !shown.contains("hunter2"), "{shown}");
    }

    /// Any small tree of maps, lists and leaves over few keys, so that pointers hit.
    fn tree() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec(("[a-c/~]{1,2}", inner), 0..3)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn replaying_the_record_on_the_input_gives_the_output(
            input in tree(),
            edits in prop::collection::vec((any::<bool>(), prop::collection::vec("[a-c/~]{1,2}|[01]|-", 0..4), tree()), 1..6),
        ) {
            let mut resource = Resource::read(input.clone());
            for (list, parts, new) in edits {
                let pointer = crate::pointer::join(&parts);
                let _ = if list {
                    resource.insert(&pointer, new, "because")
                } else {
                    resource.set(&pointer, new, "because")
                };
            }
            let mut replayed = input;
            for edit in resource.edits() {
                prop_assert!(edit.apply(&mut replayed));
            }
            prop_assert_eq!(&replayed, &*resource);
        }

        #[test]
        fn what_was_set_stands_there_and_again_is_no_edit(input in tree(), parts in prop::collection::vec("[a-c/~]{1,2}", 0..4), new in tree()) {
            let mut resource = Resource::read(input);
            let pointer = crate::pointer::join(&parts);
            if resource.set(&pointer, new.clone(), "because").is_ok() {
                prop_assert_eq!(resource.pointer(&pointer), Some(&new));
                let before = resource.edits().len();
                prop_assert!(resource.set(&pointer, new, "because").is_ok());
                prop_assert_eq!(resource.edits().len(), before);
            }
        }
    }
}
