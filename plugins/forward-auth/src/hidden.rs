//! What is reachable and out of our sight: kinds that nobody handles, objects that pretend to answer ACME challenges.

use krm::{Finding, Resource, ResourceList, Severity};
use routes::{Kind, foreign, keys, opt_out};

use crate::case::NAME;
use crate::report::author_ways_out;

/// What is said of them: errors where sign-in is required, unless their author opts out.
pub(crate) fn check(
    requires: bool,
    kinds: &[Kind],
    list: &ResourceList,
    errors: &mut Vec<Finding>,
    said: &mut Vec<Finding>,
) {
    let skipped = |item: &Resource| opt_out::reason(item, NAME).is_ok_and(|one| one.is_some());
    for finding in foreign::findings(list) {
        let id = finding.resource.as_ref();
        let item = id.and_then(|id| list.items().iter().find(|item| item.id().same_object(id)));
        if item.is_some_and(|item| !item.in_reach()) {
            continue;
        }
        if requires && finding.id == "unhandled-route-kind" && !item.is_some_and(skipped) {
            let hint = author_ways_out("protect it by the means of its controller");
            let message = format!("sign-in is due, and {}", finding.message);
            errors.push(Finding { severity: Severity::Error, message, ..finding }.hint(hint));
        } else {
            said.push(finding);
        }
    }
    if !requires {
        return;
    }
    let solver = |item: &&Resource| item.label(keys::ACME_SOLVER) == Some("true");
    for item in list.items().iter().filter(|item| item.in_reach()).filter(solver) {
        let id = item.id();
        let reachable =
            kinds.iter().any(|kind| kind.kind == id.kind && kind.groups.contains(&id.group()));
        if reachable && !skipped(item) {
            let message = "says that it answers ACME challenges, and no function looks at it";
            errors.push(
                Finding::error("acme-solver", message)
                    .on(id)
                    .field(format!("metadata.labels[{:?}]", keys::ACME_SOLVER))
                    .hint(author_ways_out(
                        "remove the label: cert-manager makes such objects in the cluster",
                    )),
            );
        }
    }
}
