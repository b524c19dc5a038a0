//! What an author's annotations say of the certificate, checked as cert-manager checks it: one bad value, and there is
//! none.

use krm::{Finding, Resource};

use crate::issuer::at;
use crate::keys;
use crate::plan::Way;
use crate::request::{Request, Wrong};

/// What the annotations of an object say.
pub(crate) fn request(
    item: &Resource,
    way: Way,
    said: &mut Vec<Finding>,
) -> Result<Request, Box<Finding>> {
    let annotations = item.pointer("/metadata/annotations");
    let text = |key: &str| krm::get(annotations?, key)?.as_str();
    let mut request = Request::of(text)
        .map_err(|(key, why)| refused(item, key, format!("cert-manager refuses it: {why}")))?;
    // Alone, a percentage out of range is not refused, and not kept either (`desiredRenewalTime` in `pkg/util/pki/renewaltime.go`).
    if request.duration.is_none()
        && request.renew_before.is_none()
        && request.renew_before_percentage.is_some_and(|percent| !(1..100).contains(&percent))
    {
        request.renew_before_percentage = None;
        said.push(
            Finding::warning(
                "ignored-percentage",
                "cert-manager ignores a percentage out of 1 to 99",
            )
            .on(item.id())
            .field(at(keys::RENEW_BEFORE_PERCENTAGE))
            .hint("write the part of the duration that is left at renewal, 1 to 99"),
        );
    }
    request.check().map_err(|Wrong { key, message, .. }| {
        refused(item, key, format!("cert-manager refuses it: {message}"))
    })?;
    if matches!(way, Way::Annotations) && !request.uris.is_empty() {
        request.uris.clear();
        said.push(
            Finding::warning(
                "ignored-uris",
                "cert-manager reads this key on OpenShift Routes alone",
            )
            .on(item.id())
            .field(at(keys::URI_SANS))
            .hint("a Certificate of your own can have `spec.uris`"),
        );
    }
    Ok(request)
}

fn refused(item: &Resource, key: &str, message: String) -> Box<Finding> {
    Box::new(
        Finding::error("refused-annotation", message)
            .on(item.id())
            .field(at(key))
            .hint("one value that it does not take, and there is no certificate at all"),
    )
}
