//! Attaching: one way for each slot.

use krm::Finding;
use routes::{AuthSlot, MiddlewareId, MiddlewareUse, Rule};
use serde_json::Value;

use crate::around::Around;
use crate::case::Case;
use crate::chain::Member;
use crate::chains::Ids;
use crate::dialect::Words;
use crate::id;
use crate::known::Middleware;
use crate::place::{self, Slot};
use crate::reference::{Reach, Reference, References};

mod annotation;
mod list;
mod nginx;

/// A change of one object, planned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// `Resource::set`
    Set { pointer: String, value: Value, why: String },
    /// `Resource::insert`
    Insert { pointer: String, value: Value, why: String },
}

/// The changes that put sign-in before every rule of a case that is due.
pub(crate) fn changes(
    around: &Around<'_>,
    case: &Case<'_>,
    references: &mut References<'_>,
) -> Result<Vec<Change>, Box<Finding>> {
    match &case.route.auth {
        AuthSlot::None | AuthSlot::Impossible(_) => Ok(Vec::new()),
        AuthSlot::Annotation => annotation::changes(around, case, references),
        AuthSlot::Middlewares { field } => {
            list::changes(around, case, references, (field, Reach::References))
        }
        AuthSlot::Filters { field } => list::changes(around, case, references, (field, Reach::Own)),
    }
}

/// Whether a middleware of the author stands for sign-in that is not woven yet.
pub(crate) fn is_unwoven(slot: &AuthSlot, one: &MiddlewareUse) -> bool {
    match slot {
        AuthSlot::Filters { .. } => one.written == id::UNWOVEN,
        AuthSlot::None
        | AuthSlot::Impossible(_)
        | AuthSlot::Annotation
        | AuthSlot::Middlewares { .. } => one.id.as_ref().is_some_and(id::is_unwoven),
    }
}

/// Whether nobody gets through a rule unasked, as it stands. A chain of which only some members stand is none yet.
pub(crate) fn is_signed_in(around: &Around<'_>, case: &Case<'_>, rule: &Rule) -> bool {
    if names_chain(around, case, rule) && !holds_chain(around, case, rule) {
        return false;
    }
    let by_object = match (&case.route.auth, &case.words) {
        (AuthSlot::None | AuthSlot::Impossible(_), _) | (AuthSlot::Annotation, Err(_)) => {
            return false;
        }
        (AuthSlot::Annotation, Ok(Words::Nginx)) => return nginx::is_signed_in(case.item),
        (AuthSlot::Annotation, Ok(Words::Traefik))
        | (AuthSlot::Middlewares { .. } | AuthSlot::Filters { .. }, _) => {
            ids(rule).any(|id| around.signs_in(id)) || holds_chain(around, case, rule)
        }
    };
    by_object || around.entry_points_sign_in(&case.subject.entry_points)
}

/// Whether a middleware of the rule is a member of the chain of the case.
pub(crate) fn names_chain(around: &Around<'_>, case: &Case<'_>, rule: &Rule) -> bool {
    members(around, case)
        .is_some_and(|members| members.iter().any(|mine| ids(rule).any(|id| mine.contains(id))))
}

/// Whether the whole chain of the case stands among them, on its own or within chains.
fn holds_chain(around: &Around<'_>, case: &Case<'_>, rule: &Rule) -> bool {
    let Some(members) = members(around, case) else { return false };
    let stands = |mine: &Vec<MiddlewareId>| {
        ids(rule).any(|id| around.known.any(id, &|one, _| mine.contains(one)))
    };
    !members.is_empty() && members.iter().all(stands)
}

/// For each member of the chain of the case, the ids under which the object may name it.
fn members(around: &Around<'_>, case: &Case<'_>) -> Option<Ids> {
    Some(around.chains.ids(case.chain?, case.item.namespace().unwrap_or_default()))
}

fn ids(rule: &Rule) -> impl Iterator<Item = &MiddlewareId> {
    rule.middlewares.iter().filter_map(|one| one.id.as_ref())
}

/// What comes out of the author's list when the chain is put in; `None` where all of it stands already.
fn planned(
    around: &Around<'_>,
    case: &Case<'_>,
    references: &mut References<'_>,
    (list, reach): (&[Option<&MiddlewareId>], Reach),
) -> Result<Option<Vec<Woven>>, Box<Finding>> {
    let (Some(at), Some(namespace)) = (case.chain, case.item.namespace()) else { return Ok(None) };
    let members = &around.chains.get(at).members;
    let ids = around.chains.ids(at, namespace);
    let holds = |one: &MiddlewareId, member: usize| {
        around.known.any(one, &|one, _| ids[member].contains(one))
    };
    let slots = place::place(list, members.len(), holds, case.order(), namespace).map_err(|wrong| {
        let name = |member: usize| describe(&members[member]);
        Box::new(
            Finding::error(
                "sign-in-order",
                format!("`{}` runs before `{}`, and must run behind it", name(wrong.early), name(wrong.late)),
            )
            .hint("exchange the two: what answers a 401 with the sign-in page runs before what says 401"),
        )
    })?;
    let slots = slots.into_iter().map(|slot| match slot {
        Slot::Keep(at) => Ok(Woven::Kept(at)),
        Slot::Put(member) => {
            references.to(at, &members[member], (case.route.item, namespace), reach).map(Woven::Put)
        }
    });
    let woven: Vec<Woven> = slots.collect::<Result<_, _>>()?;
    for (member, ids) in members.iter().zip(ids.iter()) {
        for one in list.iter().flatten().filter(|one| ids.contains(one)) {
            references.standing(at, member, (case.route.item, namespace), one)?;
        }
    }
    let same = woven.len() == list.len() && woven.iter().all(|one| matches!(one, Woven::Kept(_)));
    Ok((!same).then_some(woven))
}

/// One place of a list that comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Woven {
    /// What the author wrote at this place.
    Kept(usize),
    /// A middleware of the chain.
    Put(Reference),
}

fn describe(member: &Member) -> &str {
    match member {
        Member::Made { suffix, .. } => suffix,
        Member::Existing { name, .. } => name,
    }
}

/// The author's own order: a page for 401 must run before what says 401.
fn check_order(around: &Around<'_>, list: &[Option<&MiddlewareId>]) -> Result<(), Box<Finding>> {
    let mut asked: Option<&MiddlewareId> = None;
    for one in list.iter().flatten() {
        let known = around.known.get(one);
        if let Some(before) = asked
            && known.is_some_and(Middleware::answers_401)
        {
            return Err(Box::new(
                Finding::error(
                    "sign-in-order",
                    format!(
                        "`{before}` runs before `{one}`, which answers its 401 with another page"
                    ),
                )
                .hint("exchange the two: what answers a 401 runs before what says 401"),
            ));
        }
        if around.signs_in(one) {
            asked = Some(one);
        }
    }
    Ok(())
}
