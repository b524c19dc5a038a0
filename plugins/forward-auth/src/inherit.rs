//! What hangs below protected routes is protected by them.

use std::collections::HashMap;

use routes::{AuthSlot, Parent};

use crate::around::Around;
use crate::case::Case;
use crate::state::{Open, State};

/// Marks the rules that hang below protected routes alone.
pub(crate) fn inherit(around: &Around<'_>, cases: &mut [Case<'_>]) {
    let places: HashMap<usize, usize> =
        cases.iter().enumerate().map(|(at, case)| (case.route.item, at)).collect();
    let below: Vec<usize> = (0..cases.len())
        .filter(|at| is_below_protected(around, cases, &places, *at, &mut Vec::new()))
        .collect();
    for at in below {
        for state in &mut cases[at].states {
            let stays = matches!(state, State::Open(Open::SignInService | Open::Acme));
            if !stays && *state != State::SignedIn {
                *state = State::Inherited;
            }
        }
    }
}

/// Whether all parents of a case are protected, each by itself or by what is above it.
fn is_below_protected(
    around: &Around<'_>,
    cases: &[Case<'_>],
    places: &HashMap<usize, usize>,
    at: usize,
    above: &mut Vec<usize>,
) -> bool {
    let parents = around.routes.parents(cases[at].route);
    if parents.is_empty() || above.contains(&at) {
        return false;
    }
    above.push(at);
    let all = parents.iter().all(|parent| {
        let Parent::Here(parent) = parent else { return false };
        let Some(&place) = places.get(&parent.item) else { return false };
        let parent = &cases[place];
        let serves = !matches!(parent.route.auth, AuthSlot::None | AuthSlot::Impossible(_));
        let own = !parent.states.is_empty() && parent.states.iter().all(State::is_protected);
        serves && (own || is_below_protected(around, cases, places, place, above))
    });
    above.pop();
    all
}
