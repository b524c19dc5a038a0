//! A CRD that does not fit into the annotation of a client-side apply implies an apply by the server.

use super::Report;
use crate::World;
use crate::object::{list, text};

/// The annotations of an object, in bytes (`TotalAnnotationSizeLimitB`, apimachinery `api/validation/objectmeta.go`).
const LIMIT: usize = 262_144;

pub(super) fn check(world: &World, report: &mut Report) {
    let locked = world.lock().into_iter().flat_map(|entry| {
        let app = text(&entry, "/app").to_owned();
        let crds = list(&entry, "/crds").to_vec();
        crds.into_iter().map(move |crd| {
            let bytes = crd["bytes"].as_u64().and_then(|bytes| usize::try_from(bytes).ok());
            (app.clone(), text(&crd, "/name").to_owned(), bytes.unwrap_or(0))
        })
    });
    let built = world
        .of_kind("CustomResourceDefinition")
        .map(|crd| (crd.app().to_owned(), crd.name().to_owned(), crd.value.to_string().len()));
    for (app, crd, bytes) in locked.chain(built) {
        let overlay = format!("apps/{app}/overlays/prod");
        let application = world.application(&overlay);
        let by_server = application.is_some_and(|one| {
            list(&one.value, "/spec/syncPolicy/syncOptions")
                .iter()
                .any(|option| option == "ServerSideApply=true")
        });
        let what = format!("{crd} has {bytes} bytes, and its Application no ServerSideApply=true");
        report.hold(bytes <= LIMIT || by_server, app, what);
    }
}
