//! A list in each rule: the references of an IngressRoute, the filters of a Gateway route.

use krm::Finding;
use routes::{MiddlewareId, Rule, final_name};
use serde_json::{Value, json};

use super::{Change, Woven, check_order, is_unwoven, planned};
use crate::around::Around;
use crate::case::Case;
use crate::reference::{Reach, Reference, References};
use crate::{id, report};

pub(super) fn changes(
    around: &Around<'_>,
    case: &Case<'_>,
    references: &mut References<'_>,
    (field, reach): (&str, Reach),
) -> Result<Vec<Change>, Box<Finding>> {
    let mut changes = Vec::new();
    for (at, rule) in case.route.rules.iter().enumerate() {
        if !case.is_rule_to_weave(at) {
            continue;
        }
        if case.mixed[at] {
            return Err(report::split_rule(case, rule));
        }
        let pointer = format!("{}/{field}", rule.pointer);
        let named = |finding: Box<Finding>| {
            Box::new(finding.on(case.item.id()).field(krm::readable_pointer(&pointer)))
        };
        final_name::namespace(case.item, "a reference to a middleware")?;
        authors(around, case, references, (rule, reach)).map_err(named)?;
        rule_changes(around, case, references, (rule, &pointer, reach), &mut changes)
            .map_err(named)?;
    }
    Ok(changes)
}

fn rule_changes(
    around: &Around<'_>,
    case: &Case<'_>,
    references: &mut References<'_>,
    (rule, pointer, reach): (&Rule, &str, Reach),
    changes: &mut Vec<Change>,
) -> Result<(), Box<Finding>> {
    let unwoven = id::of_text(id::UNWOVEN_ID);
    let standing = case.item.pointer(pointer).and_then(Value::as_array);
    let standing = standing.map(Vec::as_slice).unwrap_or_default();
    let ids: Vec<Option<&MiddlewareId>> = (0..standing.len())
        .map(|at| {
            let place = format!("{pointer}/{at}");
            let one = rule.middlewares.iter().find(|one| one.pointer == place)?;
            if is_unwoven(&case.route.auth, one) { Some(&unwoven) } else { one.id.as_ref() }
        })
        .collect();
    check_order(around, &ids)?;
    let Some(woven) = planned(around, case, references, (&ids, reach))? else { return Ok(()) };
    let why = around.why(case);
    let kept = woven.iter().filter(|one| matches!(one, Woven::Kept(_))).count();
    if kept != standing.len() {
        // What is unwoven goes.
        let value = woven.iter().map(|one| match one {
            Woven::Kept(at) => standing[*at].clone(),
            Woven::Put(reference) => written(reference, reach),
        });
        let value = Value::Array(value.collect());
        changes.push(Change::Set { pointer: pointer.to_owned(), value, why });
        return Ok(());
    }
    for (at, one) in woven.iter().enumerate() {
        if let Woven::Put(reference) = one {
            let (pointer, value) = (format!("{pointer}/{at}"), written(reference, reach));
            changes.push(Change::Insert { pointer, value, why: why.clone() });
        }
    }
    Ok(())
}

/// A reference as the object writes it.
fn written(reference: &Reference, reach: Reach) -> Value {
    if reach == Reach::Own {
        let extension =
            json!({"group": "traefik.io", "kind": "Middleware", "name": reference.name});
        return json!({"type": "ExtensionRef", "extensionRef": extension});
    }
    match &reference.namespace {
        Some(namespace) => json!({"name": reference.name, "namespace": namespace}),
        None => json!({"name": reference.name}),
    }
}

/// References of the author that Traefik does not follow: it would build no router, and sign-in would be no help.
fn authors(
    around: &Around<'_>,
    case: &Case<'_>,
    references: &References<'_>,
    (rule, reach): (&Rule, Reach),
) -> Result<(), Box<Finding>> {
    let namespace = case.item.namespace().unwrap_or_default();
    for one in &rule.middlewares {
        if is_unwoven(&case.route.auth, one) {
            continue;
        }
        let wrong = match reach {
            Reach::Own if !id::found_by_extension_ref(namespace, &one.written) => Finding::error(
                "extension-ref-name",
                format!("a filter that names the Middleware `{}` finds nothing", one.written),
            )
            .hint(
                "a namespace and a name of letters, digits and single `-` are found: rename the middleware",
            ),
            Reach::References if around.stays_within() && !references.across => {
                let other =
                    one.written.split_once('/').is_some_and(|(other, _)| other != namespace);
                let by_id = one.written.contains('@')
                    && one.id.as_ref().is_some_and(|id| id.provider == id::CRD);
                if !other && !by_id {
                    continue;
                }
                Finding::error(
                    "cross-namespace",
                    format!("Traefik follows no reference such as `{}`: it drops the route", one.written),
                )
                .hint(
                    "put a copy of the middleware into this namespace and name that, \
                     or set --providers.kubernetescrd.allowCrossNamespace",
                )
            }
            Reach::Any | Reach::Own | Reach::References => continue,
        };
        return Err(Box::new(wrong));
    }
    Ok(())
}
