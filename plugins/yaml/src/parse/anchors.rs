//! Anchors and what they name.

use std::collections::HashMap;

/// The anchors of one document; a later one of the same name wins.
pub(super) struct Anchors<N> {
    named: HashMap<String, Anchor<N>>,
    opened: usize,
}

enum Anchor<N> {
    /// Its node is still being read: an alias to it would contain itself.
    Open(usize),
    /// Its node, and how many nodes that holds.
    Closed(N, usize),
}

impl<N> Default for Anchors<N> {
    fn default() -> Self {
        Self { named: HashMap::new(), opened: 0 }
    }
}

impl<N> Anchors<N> {
    pub(super) fn clear(&mut self) {
        self.named.clear();
    }

    pub(super) fn open(&mut self, name: &str) -> usize {
        self.opened += 1;
        self.named.insert(name.to_owned(), Anchor::Open(self.opened));
        self.opened
    }

    /// Keeps the node, unless an anchor of the same name was opened inside it.
    pub(super) fn close(&mut self, name: &str, id: usize, node: N, size: usize) {
        if let Some(anchor) = self.named.get_mut(name)
            && matches!(anchor, Anchor::Open(open) if *open == id)
        {
            *anchor = Anchor::Closed(node, size);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<(&N, usize)> {
        match self.named.get(name)? {
            Anchor::Closed(node, size) => Some((node, *size)),
            Anchor::Open(_) => None,
        }
    }
}
