//! The items of one run, and what was said.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use serde_json::Value;

use crate::pipeline::Reach;
use crate::{Finding, Identity, Resource};

/// The items of one run, and what was said.
///
/// Items are changed through [`Resource::set`] and [`Resource::insert`], new ones come by [`ResourceList::add`], and
/// none can be taken out: a function cannot delete what it was given.
#[derive(Debug, Default)]
pub struct ResourceList {
    items: Vec<Resource>,
    findings: Vec<Finding>,
    function_config: Identity,
    /// Which objects there are; `None` while somebody may change them.
    index: Option<Index>,
}

/// Which objects there are: their places in the list, by the hash of what tells them apart.
#[derive(Debug, Default)]
struct Index {
    hasher: RandomState,
    places: HashMap<u64, Vec<usize>>,
}

/// What tells objects of a cluster apart: group, kind, namespace, name.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

impl Index {
    fn of(items: &[Resource]) -> Self {
        let mut index = Self::default();
        items.iter().enumerate().for_each(|(at, item)| index.add(at, key_of(item)));
        index
    }

    fn add(&mut self, at: usize, key: Key<'_>) {
        self.places.entry(self.hasher.hash_one(key)).or_default().push(at);
    }

    fn holds(&self, items: &[Resource], key: Key<'_>) -> bool {
        let places = self.places.get(&self.hasher.hash_one(key));
        places.into_iter().flatten().any(|at| key_of(&items[*at]) == key)
    }
}

impl ResourceList {
    /// A list of manifests as they were read.
    pub fn new(manifests: impl IntoIterator<Item = Value>) -> Self {
        Self {
            items: manifests.into_iter().map(Resource::read).collect(),
            findings: Vec::new(),
            function_config: Identity::default(),
            index: None,
        }
    }

    /// The items.
    pub fn items(&self) -> &[Resource] {
        &self.items
    }

    /// The items, to change.
    pub fn items_mut(&mut self) -> &mut [Resource] {
        self.index = None;
        &mut self.items
    }

    /// Adds a new resource. `why` goes into the record. The same object twice is an error.
    pub fn add(&mut self, manifest: Value, why: &str) -> Result<&mut Resource, Box<Finding>> {
        let id = Identity::of(&manifest);
        if self.contains(&id) {
            return Err(Box::new(
                Finding::error("duplicate-resource", "the same resource stands in the list twice")
                    .on(id)
                    .hint("remove one of the two, or give one another name or namespace"),
            ));
        }
        self.items.push(Resource::added(manifest, why));
        let last = self.items.len() - 1;
        if let Some(index) = &mut self.index {
            index.add(last, key(&id));
        }
        Ok(&mut self.items[last])
    }

    /// Whether the list holds this object; the version does not count.
    pub fn contains(&mut self, id: &Identity) -> bool {
        let items = &self.items;
        self.index.get_or_insert_with(|| Index::of(items)).holds(items, key(id))
    }

    /// Which config the function runs with. What a function adds carries its name, so that two configs never write
    /// the same object.
    pub fn function_config(&self) -> &Identity {
        &self.function_config
    }

    /// What runs next is for these items alone, and for those that it adds. False when it is for none.
    pub(crate) fn reach(&mut self, reach: &Reach) -> bool {
        let mut any = false;
        for item in &mut self.items {
            let within = reach.holds(item);
            item.reach(within);
            any |= within;
        }
        any
    }

    /// The next function runs with this config.
    pub(crate) fn called_by(&mut self, config: Identity) {
        self.function_config = config;
    }

    /// Says something; what was said before is not said again. What stops the build is returned by the function; where
    /// several things do, it says the others here.
    pub fn say(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// What was said so far.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Overwrites every text in the items.
    pub(crate) fn wipe(&mut self) {
        self.items.iter_mut().for_each(Resource::wipe);
    }

    pub(crate) fn findings_mut(&mut self) -> &mut [Finding] {
        &mut self.findings
    }
}

fn key(id: &Identity) -> Key<'_> {
    (id.group(), &id.kind, &id.namespace, &id.name)
}

fn key_of(item: &Resource) -> Key<'_> {
    let group = item.api_version().rsplit_once('/').map_or("", |(group, _)| group);
    (group, item.kind(), item.namespace().unwrap_or_default(), item.name())
}
