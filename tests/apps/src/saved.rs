//! How much the functions save: what they write into routes, and the objects that they add.
//!
//! Every value counts that the rule `by_hand` keeps out of the tree's files, so that none of them is anybody's.

use crate::World;
use crate::object::{everything_at, texts};
use crate::rule::{PREFIXES, WOVEN, is_route};

/// What the functions wrote.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Routes that they wrote into.
    pub routes: usize,
    /// Values in them: annotations, hosts and names of `tls` blocks, references to middlewares.
    pub values: usize,
    /// Objects that they added: certificates, and middlewares that ask for sign-in.
    pub objects: usize,
}

/// Counts them in everything that is built.
#[must_use]
pub fn saved(world: &World) -> Saved {
    let targets =
        PREFIXES.map(|prefix| format!("/metadata/annotations/{}target", prefix.replace('/', "~1")));
    let patterns: Vec<&str> =
        WOVEN.iter().copied().chain(targets.iter().map(String::as_str)).collect();
    let mut saved = Saved::default();
    for object in world.objects() {
        if is_route(object) {
            let found = patterns.iter().flat_map(|pattern| everything_at(&object.value, pattern));
            let values: usize = found.map(|(_, value)| texts(value).len()).sum();
            saved.routes += usize::from(values > 0);
            saved.values += values;
        } else {
            let asks = object.value.pointer("/spec/forwardAuth").is_some();
            saved.objects += usize::from(object.kind() == "Certificate" || asks);
        }
    }
    saved
}
