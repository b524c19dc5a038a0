//! Whether one value was added or moved: the MAC is tried without it, and with it elsewhere.

use super::Value;
use crate::cipher::{self, Opened, Token};
use crate::mac::Mac;
use crate::sealed::Sealed;
use crate::tree::Leaf;
use crate::{DataKey, Guess};

/// Bytes that are hashed at most, over all tries.
const BYTES: usize = 32 << 20;

/// The one change that makes the MAC hold.
pub(super) fn guess(sealed: &Sealed, key: &DataKey, values: &[Value]) -> Option<Guess> {
    let token = Token::parse(sealed.metadata.mac.as_bytes()).ok()?;
    let time = sealed.metadata.last_modified.as_bytes();
    let Ok(Opened::Leaf(Leaf::Str(written))) = cipher::open(key, &token, time) else { return None };
    let mut left = BYTES;
    let size = 128 + values.iter().map(|value| size(&value.leaf)).sum::<usize>();
    let mut holds = |order: &[usize]| {
        left = left.checked_sub(size)?;
        let mut mac = Mac::new(sealed.metadata.mac_only_encrypted);
        for at in order {
            mac.add(&values[*at].leaf, values[*at].encrypted);
        }
        Some(mac.finish().as_bytes() == written.as_slice())
    };
    let all: Vec<usize> = (0..values.len()).collect();
    for (at, value) in values.iter().enumerate() {
        let mut order = all.clone();
        order.remove(at);
        if holds(&order)? {
            return Some(Guess::Added(value.place.clone()));
        }
    }
    for at in 0..values.len() {
        for to in (0..values.len()).filter(|to| *to != at) {
            let mut order = all.clone();
            order.remove(at);
            order.insert(to, at);
            if holds(&order)? {
                let behind = to.checked_sub(1).map(|before| values[order[before]].place.clone());
                return Some(Guess::Reordered { moved: values[at].place.clone(), behind });
            }
        }
    }
    None
}

fn size(leaf: &Leaf) -> usize {
    match leaf {
        Leaf::Str(text) => text.len(),
        _ => 20,
    }
}
