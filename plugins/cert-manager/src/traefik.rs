//! What Traefik needs to serve a certificate (v3.7.9), written where the author says nothing of it.

use krm::{Finding, Resource};
use routes::{Facts, TlsSlot, final_name};
use serde_json::json;

use crate::config::Traefik;
use crate::plan::{Edit, Object};
use crate::tls_options::TlsOptions;
use crate::{keys, known};

/// The edits of one object.
pub(crate) fn edits(
    object: &Object<'_>,
    item: &Resource,
    facts: &Facts,
    said: &mut Vec<Finding>,
) -> Result<Vec<Edit>, Box<Finding>> {
    let Some(wanted) = object.settings.traefik.as_ref().filter(|_| object.plan.tls && !object.left)
    else {
        return Ok(Vec::new());
    };
    match &object.route.tls {
        TlsSlot::Blocks { .. }
            if !known::of_another_controller(facts, object.route.class.as_deref()) =>
        {
            annotations(object, item, wanted, facts)
        }
        TlsSlot::Certificate { pointer, tls } => {
            let options = tls.as_ref().is_some_and(|tls| tls.options);
            fields(object, item, wanted, (pointer, options), facts, said)
        }
        TlsSlot::None | TlsSlot::Blocks { .. } | TlsSlot::Listeners(_) | TlsSlot::Filled { .. } => {
            Ok(Vec::new())
        }
    }
}

fn edit(
    object: &Object<'_>,
    pointer: String,
    value: impl Into<serde_json::Value>,
    why: &str,
) -> Edit {
    Edit { pointer, value: value.into(), insert: false, why: object.why(why) }
}

fn annotations(
    object: &Object<'_>,
    item: &Resource,
    wanted: &Traefik,
    facts: &Facts,
) -> Result<Vec<Edit>, Box<Finding>> {
    let mut edits = Vec::new();
    let mut add = |key: &str, value: String, why: &str| {
        if item.annotation(key).is_none() {
            edits.push(edit(object, routes::keys::pointer(key), value, why));
        }
    };
    if wanted.tls {
        add(keys::ROUTER_TLS, "true".to_owned(), "Traefik serves it with TLS");
    }
    if let Some(options) = &wanted.options {
        if item.annotation(keys::ROUTER_TLS_OPTIONS).is_none() {
            allowed_here(object, item, facts)?;
        }
        add(keys::ROUTER_TLS_OPTIONS, options.id(), "Traefik serves it with these TLS options");
    }
    if !wanted.entry_points.is_empty() {
        let entry_points = wanted.entry_points.join(",");
        add(keys::ROUTER_ENTRY_POINTS, entry_points, "Traefik serves it on these entry points");
    }
    Ok(edits)
}

/// A TLSOption is another provider's: an Ingress may name one unless `crossProviderNamespaces` is given without its
/// namespace, and is then not served at all.
fn allowed_here(object: &Object<'_>, item: &Resource, facts: &Facts) -> Result<(), Box<Finding>> {
    let lists = known::traefiks(facts, object.route.class.as_deref()).into_iter();
    for namespaces in lists.filter_map(|traefik| traefik.cross_provider_namespaces.as_ref()) {
        let own = final_name::namespace(item, "whether Traefik lets an Ingress name a TLSOption")?;
        if !namespaces.iter().any(|namespace| namespace == own) {
            return Err(Box::new(
                Finding::error(
                    "tls-options-not-allowed",
                    format!("Traefik serves no Ingress of {own} that names a TLSOption"),
                )
                .on(object.route.id.clone())
                .hint("add the namespace to `providers.kubernetesIngress.crossProviderNamespaces`, or give the rule no `traefik.options`"),
            ));
        }
    }
    Ok(())
}

fn fields(
    object: &Object<'_>,
    item: &Resource,
    wanted: &Traefik,
    (pointer, has_options): (&str, bool),
    facts: &Facts,
    said: &mut Vec<Finding>,
) -> Result<Vec<Edit>, Box<Finding>> {
    let mut edits = Vec::new();
    if let Some(options) = wanted.options.as_ref().filter(|_| !has_options) {
        cross_namespace(object, item, options, facts, said)?;
        let value = if object.namespace == options.namespace {
            json!({"name": options.name})
        } else {
            json!({"name": options.name, "namespace": options.namespace})
        };
        let why = "Traefik serves it with these TLS options";
        edits.push(edit(object, format!("{pointer}/options"), value, why));
    }
    if !wanted.entry_points.is_empty() && object.route.entry_points.is_empty() {
        let above = pointer.rsplit_once('/').map_or("", |(above, _)| above);
        let (value, why) = (json!(wanted.entry_points), "Traefik serves it on these entry points");
        edits.push(edit(object, format!("{above}/entryPoints"), value, why));
    }
    Ok(edits)
}

/// A TLSOption of another namespace needs `allowCrossNamespace`; without it Traefik builds no router.
fn cross_namespace(
    object: &Object<'_>,
    item: &Resource,
    options: &TlsOptions,
    facts: &Facts,
    said: &mut Vec<Finding>,
) -> Result<(), Box<Finding>> {
    let traefiks = known::traefiks(facts, object.route.class.as_deref());
    if traefiks.is_empty() {
        if object.namespace != options.namespace {
            said.push(
                Finding::warning(
                    "tls-options-of-another-namespace",
                    format!("Traefik finds the TLSOption {}/{} only with `allowCrossNamespace`, and nothing here says whether it has that", options.namespace, options.name),
                )
                .hint("name a `facts` file that lists Traefik, or a TLSOption of the same namespace"),
            );
        }
        return Ok(());
    }
    if traefiks.iter().all(|traefik| traefik.allow_cross_namespace) {
        return Ok(());
    }
    let own = final_name::namespace(item, "a reference to a TLSOption")?;
    let closed =
        traefiks.iter().find(|one| !one.allow_cross_namespace && !one.unreadable_arguments);
    if own == options.namespace || closed.is_none() {
        return Ok(());
    }
    Err(Box::new(
        Finding::error(
            "tls-options-of-another-namespace",
            format!("Traefik serves nothing of {own} that names the TLSOption {}/{}: allowCrossNamespace is off", options.namespace, options.name),
        )
        .on(object.route.id.clone())
        .hint("name a TLSOption of the same namespace by a rule, or set `providers.kubernetesCRD.allowCrossNamespace`"),
    ))
}
