//! Where the middlewares of a chain go in a list of the author.

use routes::MiddlewareId;

use crate::config::Order;
use crate::id;

/// One place of the list that comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// What the author wrote at this place.
    Keep(usize),
    /// This member of the chain.
    Put(usize),
}

/// Members of the chain stand in the list in another order than that in which they must run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OutOfOrder {
    /// The member that runs too early.
    pub(crate) early: usize,
    /// The member that must run before it.
    pub(crate) late: usize,
}

/// The list with the chain in it.
///
/// `list` holds the ids of what the author wrote (`None` for what is no middleware), `holds` says whether one of those is
/// a member of the chain. Members that stand are kept; those that are missing go beside them, else in place of
/// `pleach-unwoven`, else where `order` says.
pub(crate) fn place(
    list: &[Option<&MiddlewareId>],
    members: usize,
    holds: impl Fn(&MiddlewareId, usize) -> bool,
    order: &Order,
    namespace: &str,
) -> Result<Vec<Slot>, OutOfOrder> {
    let find = |member| list.iter().position(|one| one.is_some_and(|one| holds(one, member)));
    let stands: Vec<Option<usize>> = (0..members).map(find).collect();
    in_order(&stands)?;
    let start = start(list, order, namespace);
    // Before which of the author's each member goes, where it is missing.
    let before: Vec<usize> = (0..members)
        .map(|member| {
            let next = stands[member..].iter().flatten().next().copied();
            let behind = stands[..member].iter().flatten().last().map(|at| at + 1);
            next.or(behind).unwrap_or(start)
        })
        .collect();
    let mut slots = Vec::new();
    for at in 0..=list.len() {
        let missing = (0..members).filter(|&one| stands[one].is_none() && before[one] == at);
        slots.extend(missing.map(Slot::Put));
        if list.get(at).is_some_and(|one| !one.is_some_and(id::is_unwoven)) {
            slots.push(Slot::Keep(at));
        }
    }
    Ok(slots)
}

fn in_order(stands: &[Option<usize>]) -> Result<(), OutOfOrder> {
    for (late, at) in stands.iter().enumerate() {
        for (early, before) in stands.iter().enumerate().skip(late + 1) {
            if let (Some(at), Some(before)) = (at, before)
                && before < at
            {
                return Err(OutOfOrder { early, late });
            }
        }
    }
    Ok(())
}

fn start(list: &[Option<&MiddlewareId>], order: &Order, namespace: &str) -> usize {
    let find = |wanted: &dyn Fn(&MiddlewareId) -> bool| {
        list.iter().position(|one| one.is_some_and(wanted))
    };
    if let Some(at) = find(&id::is_unwoven) {
        return at;
    }
    // Where what is named does not stand nothing else is to run before sign-in.
    match order {
        Order::Front => 0,
        Order::End => list.len(),
        Order::Before(name) => find(&|one| *one == name.id(namespace)).unwrap_or(0),
        Order::After(name) => find(&|one| *one == name.id(namespace)).map_or(0, |at| at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list with `errors` and `auth` put in, as text.
    fn placed(list: &[&str], order: &Order) -> String {
        let ids: Vec<MiddlewareId> = list.iter().map(|name| id::of_text(name)).collect();
        let holds = |one: &MiddlewareId, member: usize| one.name == ["errors", "auth"][member];
        let list: Vec<Option<&MiddlewareId>> = ids.iter().map(Some).collect();
        match place(&list, 2, holds, order, "web") {
            Ok(slots) => slots
                .iter()
                .map(|slot| match slot {
                    Slot::Keep(at) => ids[*at].name.clone(),
                    Slot::Put(member) => ["+errors", "+auth"][*member].to_owned(),
                })
                .collect::<Vec<_>>()
                .join(" "),
            Err(OutOfOrder { early, late }) => format!("{early} runs before {late}"),
        }
    }

    fn named(name: &str) -> crate::config::MiddlewareName {
        serde_json::from_value(serde_json::json!(name)).unwrap()
    }

    #[test]
    fn authors_middlewares_keep_their_order() {
        assert_eq!(placed(&["a", "b"], &Order::Front), "+errors +auth a b");
        assert_eq!(placed(&["a", "b"], &Order::End), "a b +errors +auth");
        assert_eq!(
            placed(&["a", "web-b", "c"], &Order::Before(named("b"))),
            "a +errors +auth web-b c"
        );
        assert_eq!(
            placed(&["a", "web-b", "c"], &Order::After(named("web/b"))),
            "a web-b +errors +auth c"
        );
        assert_eq!(placed(&[], &Order::End), "+errors +auth");
    }

    #[test]
    fn nothing_runs_before_sign_in_where_what_is_named_does_not_stand() {
        assert_eq!(placed(&["a"], &Order::After(named("b"))), "+errors +auth a");
        assert_eq!(placed(&["a"], &Order::Before(named("b"))), "+errors +auth a");
    }

    #[test]
    fn members_that_stand_are_kept_and_the_missing_ones_go_beside_them() {
        assert_eq!(placed(&["errors", "a", "auth"], &Order::Front), "errors a auth");
        assert_eq!(placed(&["a", "auth", "b"], &Order::Front), "a +errors auth b");
        assert_eq!(placed(&["a", "errors", "b"], &Order::Front), "a errors +auth b");
    }

    #[test]
    fn what_is_unwoven_is_replaced_and_nothing_else() {
        assert_eq!(placed(&["a", "pleach-unwoven", "b"], &Order::Front), "a +errors +auth b");
        assert_eq!(
            placed(&["pleach-unwoven", "a", "pleach-unwoven"], &Order::End),
            "+errors +auth a"
        );
        assert_eq!(placed(&["errors", "auth", "pleach-unwoven"], &Order::Front), "errors auth");
    }

    #[test]
    fn members_in_another_order_are_refused() {
        assert_eq!(placed(&["auth", "errors"], &Order::Front), "1 runs before 0");
    }
}
