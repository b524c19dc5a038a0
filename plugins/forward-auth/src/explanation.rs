//! What each finding of this crate means: the pages behind the ids.

/// (id, page): `pleach docs ID` prints the page. Every id that the crate uses stands here; a test compares.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "acme-solver",
        "The label `acme.cert-manager.io/http01-solver` tells objects that cert-manager makes in the cluster to answer \
         a challenge, and no function looks at those. In a tree it hides a route from sign-in.",
    ),
    (
        "allow-entry",
        "An entry of `allow` says what stays open (`hosts`, `select`, or both) and why (`reason`): an auditor reads it.",
    ),
    (
        "cannot-copy",
        "The object can name middlewares of its own namespace alone, and the one that signs in works in no other: it names \
         a Service or a Secret beside it, or its spec is not known. An IngressRoute names other namespaces where Traefik \
         runs with allowCrossNamespace and the facts say so; a Gateway route never does.",
    ),
    (
        "cannot-name",
        "A filter of a Gateway route names a Middleware object of its own namespace. A middleware of another provider, or an \
         id like `namespace-name@kubernetescrd`, has no place there, and in an IngressRoute the second needs \
         allowCrossNamespace.",
    ),
    (
        "contradiction",
        "An object opts out of sign-in and requires it: by the label `pleach.dev/forward-auth: required`, or by waiting with \
         `pleach-unwoven`. One of the two is a mistake.",
    ),
    (
        "cross-namespace",
        "Traefik runs without --providers.kubernetescrd.allowCrossNamespace: an IngressRoute that names a middleware of \
         another namespace, or `namespace-name@kubernetescrd`, loses the route that does, and answers 404.",
    ),
    (
        "cross-provider-namespace",
        "With --providers.kubernetesingress.crossProviderNamespaces Traefik (3.6.17, 3.7.1) skips an Ingress of any other \
         namespace that names a middleware, and answers 404.",
    ),
    (
        "extension-ref-name",
        "Traefik keeps a Middleware under `namespace-name`, where each run of signs other than letters and digits is one \
         `-`, and looks up a filter's name as it stands. So a filter never finds a name with a dot or with `--`, and \
         answers 404.",
    ),
    (
        "forwarded-headers",
        "With `trustForwardHeader: true` Traefik passes `X-Forwarded-*` on to the sign-in service as it came. Where an entry \
         point trusts every sender, a client chooses the host, the path and the address that the service sees, and may \
         be let in by a rule for another page.",
    ),
    (
        "left-open",
        "What stays open although sign-in is required elsewhere, and why: the config allows it, its author opts out with a \
         reason, or it answers ACME challenges.",
    ),
    (
        "middleware-differs",
        "A Middleware of the name that this build adds stands already, with another spec. Routes that name it would be open \
         or closed as it pleases. The name begins with that of the config: rename one of the two.",
    ),
    (
        "middleware-id",
        "An Ingress names a middleware by `namespace-name@kubernetescrd`: namespace first, one `-`, the provider behind `@`. \
         For an id that it does not know Traefik builds no router.",
    ),
    (
        "middleware-id-collision",
        "Traefik keeps a Middleware under `namespace-name`, so `a-b/c` and `a/b-c` are one to it, and it keeps the one that it \
         reads last: whoever may write one of the two namespaces decides who is let in.",
    ),
    (
        "no-dialect",
        "An Ingress of ingress-nginx gets `auth-url`, `auth-signin` and `auth-response-headers`. Not every sign-in can be \
         written in these.",
    ),
    (
        "no-such-middleware",
        "The config names a Middleware that is neither in the tree nor in the facts, which list all of them. Traefik builds \
         no router for a middleware that is not there.",
    ),
    (
        "sign-in-config",
        "The sign-in of the config cannot be written: a path that is none, an address that is none, two of one name, or none \
         at all where it is due.",
    ),
    (
        "sign-in-host-unknown",
        "Signing in happens below a path of the protected host, so each host gets a router to the sign-in service. A \
         `HostRegexp` and a rule without hosts do not say which hosts these are.",
    ),
    (
        "sign-in-impossible",
        "Forward auth is HTTP: TCP and UDP routes, TLS that is passed on, load balancers and the routers of OpenShift ask \
         nobody. Where sign-in is required the operator must allow such a route, or its author opt out with a reason.",
    ),
    (
        "sign-in-loop",
        "Sign-in stands before the sign-in service itself, or before the answers to ACME challenges: whoever wants to sign in \
         is sent to sign in, or no certificate is issued.",
    ),
    (
        "sign-in-order",
        "Middlewares run in the order in which they stand. The one that answers a 401 with the sign-in page must run before \
         the one that says 401. What an author wrote is never reordered.",
    ),
    (
        "split-route",
        "One list of middlewares is for all paths of an Ingress, and for all that one rule serves. Where some of it must stay \
         open (the sign-in service, ACME challenges, what is allowed) and some must not, it has to be two.",
    ),
    (
        "tls-options",
        "Two routers of one host with different TLSOptions make Traefik use the default ones for both: client certificates \
         would no longer be asked for. The router to the sign-in service must name the same.",
    ),
    (
        "traefik-too-old",
        "`authSigninURL` of the recipe `signin` is known to Traefik 3.7 and later.",
    ),
    (
        "unknown-controller",
        "An Ingress is written in the words of the controller that serves its class: middlewares for Traefik, `auth-url` for \
         ingress-nginx. In the words of the other it would be open. The IngressClass in the tree or in the facts says \
         which one it is.",
    ),
    (
        "unprotected-host",
        "A rule stands on the sign-in host, or below the path of the sign-in service, where sign-in is never attached, and \
         leads elsewhere: an open page.",
    ),
    (
        "unwoven-exists",
        "`pleach-unwoven@kubernetescrd` stands for a middleware that is never there, so that Traefik serves nothing of a route \
         that waits for sign-in. A Middleware `unwoven` of a namespace `pleach` has this id.",
    ),
    (
        "unwoven-left",
        "`pleach-unwoven` is replaced where sign-in is woven, and must not be left: Traefik serves nothing of that route, and \
         another controller serves it openly.",
    ),
    (
        "weaker-router",
        "A route that stays open may answer for a host that another one protects: where the protected one has another path \
         or entry point, or is not built. A catch-all, a `HostRegexp`, a wildcard and another object of the same host do.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::EXPLANATIONS;

    /// The ids in the sources: what stands in quotes behind the makers of findings.
    fn used() -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                for call in ["Finding::error(", "Finding::warning(", "Finding::info("] {
                    for behind in text.split(call).skip(1) {
                        let id = behind.trim_start().strip_prefix('"');
                        used.extend(id.and_then(|id| id.split('"').next()).map(str::to_owned));
                    }
                }
            }
        }
        used
    }

    #[test]
    fn every_id_has_its_page_and_every_page_its_id() {
        let pages: BTreeSet<String> = EXPLANATIONS.iter().map(|(id, _)| (*id).to_owned()).collect();
        assert_eq!(used(), pages);
        assert_eq!(pages.len(), EXPLANATIONS.len());
    }
}
