//! The items of one run, and what was said.

use serde_json::Value;

use crate::{Finding, Identity, Resource};

/// The items of one run, and what was said.
///
/// Items are changed through [`Resource::set`] and [`Resource::insert`], new ones come by [`ResourceList::add`], and
/// none can be taken out: a function cannot delete what it was given.
#[derive(Debug, Default)]
pub struct ResourceList {
    items: Vec<Resource>,
    findings: Vec<Finding>,
}

impl ResourceList {
    /// A list of manifests as they were read.
    pub fn new(manifests: impl IntoIterator<Item = Value>) -> Self {
        Self { items: manifests.into_iter().map(Resource::read).collect(), findings: Vec::new() }
    }

    /// The items.
    pub fn items(&self) -> &[Resource] {
        &self.items
    }

    /// The items, to change.
    pub fn items_mut(&mut self) -> &mut [Resource] {
        &mut self.items
    }

    /// Adds a new resource. `why` goes into the record. The same object twice is an error.
    pub fn add(&mut self, manifest: Value, why: &str) -> Result<&mut Resource, Box<Finding>> {
        let id = Identity::of(&manifest);
        if self.items.iter().any(|item| item.id().same_object(&id)) {
            return Err(Box::new(
                Finding::error("duplicate-resource", "the same resource stands in the list twice")
                    .on(id)
                    .hint("remove one of the two, or give one another name or namespace"),
            ));
        }
        self.items.push(Resource::added(manifest, why));
        let last = self.items.len() - 1;
        Ok(&mut self.items[last])
    }

    /// Says something that does not stop the build.
    pub fn say(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// What was said so far.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}
