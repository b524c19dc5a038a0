//! An Ingress: one annotation for all its paths, in the words of its controller.

use krm::Finding;
use routes::middleware_id::{MiddlewareId, diagnose};
use routes::{final_name, keys};
use serde_json::json;

use super::{Change, Woven, check_order, nginx, planned};
use crate::around::Around;
use crate::case::Case;
use crate::dialect::Words;
use crate::reference::{Reach, References};
use crate::{id, report};

/// The key as Traefik's reader finds it: in any case, and in this one at last.
const KEY: &str = keys::ROUTER_MIDDLEWARES;

pub(super) fn changes(
    around: &Around<'_>,
    case: &Case<'_>,
    references: &mut References<'_>,
) -> Result<Vec<Change>, Box<Finding>> {
    if !case.is_to_weave() {
        return Ok(Vec::new());
    }
    let words = match &case.words {
        Ok(words) => *words,
        Err(why) => return Err(report::unknown_controller(case, why)),
    };
    report::one_for_all(case)?;
    match words {
        Words::Nginx => nginx::changes(around, case),
        Words::Traefik => traefik(around, case, references),
    }
}

fn traefik(
    around: &Around<'_>,
    case: &Case<'_>,
    references: &mut References<'_>,
) -> Result<Vec<Change>, Box<Finding>> {
    let item = case.item;
    let field = format!("metadata.annotations[{KEY:?}]");
    let named = |finding: Box<Finding>| Box::new(finding.on(item.id()).field(field.clone()));
    final_name::namespace(item, "the id of a middleware")?;
    other_spelling(case)?;
    around.cross_provider(case)?;
    let text = item.annotation(KEY).unwrap_or_default();
    let written: Vec<&str> =
        if text.trim().is_empty() { Vec::new() } else { text.split(',').map(str::trim).collect() };
    let ids: Vec<MiddlewareId> = written
        .iter()
        .map(|one| MiddlewareId::of_text(one, routes::middleware_id::INGRESS))
        .collect();
    for (one, id) in written.iter().zip(&ids) {
        if around.known.get(id).is_none()
            && !id::is_unwoven(id)
            && let Some(wrong) = diagnose(one, &around.known.names())
        {
            let finding = Finding::error("middleware-id", wrong.to_string()).hint(wrong.hint());
            return Err(named(Box::new(finding)));
        }
    }
    let list: Vec<Option<&MiddlewareId>> = ids.iter().map(Some).collect();
    check_order(around, &list).map_err(named)?;
    let Some(woven) = planned(around, case, references, (&list, Reach::Any)).map_err(named)? else {
        return Ok(Vec::new());
    };
    let items: Vec<String> = woven
        .iter()
        .map(|slot| match slot {
            Woven::Kept(at) => written[*at].to_owned(),
            Woven::Put(reference) => reference.id.to_string(),
        })
        .collect();
    Ok(vec![Change::Set {
        pointer: keys::pointer(KEY),
        value: json!(items.join(",")),
        why: around.why(case),
    }])
}

/// Traefik reads the key in any case: a list under another spelling would be lost beside ours.
fn other_spelling(case: &Case<'_>) -> Result<(), Box<Finding>> {
    let annotations = case.item.pointer("/metadata/annotations").and_then(|map| map.as_object());
    let mut keys = annotations.into_iter().flat_map(|map| map.keys());
    let other = keys.find(|key| *key != KEY && key.eq_ignore_ascii_case(KEY));
    other.map_or(Ok(()), |key| {
        Err(Box::new(
            Finding::error("middleware-id", format!("Traefik reads this key as `{KEY}`"))
                .on(case.item.id())
                .field(format!("metadata.annotations[{key:?}]"))
                .hint(format!("write `{KEY}`: of two spellings only one counts")),
        ))
    })
}
