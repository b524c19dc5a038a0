//! What the known Traefik makes of a sign-in: whether it knows it, and whose headers it passes on.

use krm::Finding;

use crate::around::{Around, older};
use crate::case::Case;
use crate::chain::{Chain, Member};
use crate::known::traefiks;

/// Refuses a sign-in that a known Traefik is too old for, and says where none is known.
pub(crate) fn check(
    around: &Around<'_>,
    cases: &[Case<'_>],
    errors: &mut Vec<Finding>,
    said: &mut Vec<Finding>,
) {
    for (at, chain) in around.chains.iter().enumerate() {
        said.extend(trusts(around, chain));
        let Some(since) = chain.since else { continue };
        if !cases.iter().any(|case| case.chain == Some(at) && case.is_to_weave()) {
            continue;
        }
        let traefiks = traefiks(around.facts);
        let (major, minor) = since;
        let needs = format!("recipe `signin` needs Traefik {major}.{minor}");
        let field = "spec.signIn.oauth2Proxy.recipe";
        if let Some(old) = traefiks.iter().find(|one| older(one.version.as_deref(), since)) {
            let version = old.version.as_deref().unwrap_or_default();
            let message = format!("{needs}, and `{}` is {version}", old.name);
            errors.push(
                Finding::error("traefik-too-old", message)
                    .field(field)
                    .hint("use recipe `static` or `errors`, or update Traefik"),
            );
        } else if traefiks.is_empty() || traefiks.iter().any(|one| one.version.is_none()) {
            said.push(
                Finding::warning(
                    "traefik-too-old",
                    format!("{needs}, and its version is not known"),
                )
                .field(field)
                .hint("let `facts` name it: an older one shows a bare 401"),
            );
        }
    }
}

/// A sign-in that passes on what a client claims of itself, where no entry point is known to refuse that.
fn trusts(around: &Around<'_>, chain: &Chain) -> Option<Finding> {
    let trusting = chain.members.iter().any(|member| match member {
        Member::Made { spec, .. } => spec["forwardAuth"]["trustForwardHeader"] == true,
        Member::Existing { .. } => false,
    });
    let traefiks = traefiks(around.facts);
    let mut points = traefiks.iter().flat_map(|one| &one.entry_points).peekable();
    let guarded = points.peek().is_some()
        && points.all(|point| !point.insecure && !point.trusted_ips.is_empty());
    let message = "trustForwardHeader passes on `X-Forwarded-*` as a client sent it, and no entry point is known to trust \
                   some senders alone";
    (trusting && !guarded).then(|| {
        Finding::warning("forwarded-headers", message).field("spec.signIn").hint(
            "set forwardedHeaders.trustedIPs on every entry point and let `facts` name them, or leave it out",
        )
    })
}
