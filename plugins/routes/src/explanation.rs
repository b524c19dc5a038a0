//! What each finding of this crate means: the pages behind the ids.

/// (id, page): `pleach docs ID` prints the page. Every id that the crate uses stands here; a test compares.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "namespace-unknown",
        "What is written here names the namespace of an object, and the object has none yet: `namespace:` of an outer \
         kustomization sets it later, and does not rewrite what was written before. In the outermost kustomization, and \
         in the stream form, it is known.",
    ),
    (
        "old-traefik-group",
        "Traefik 3 reads `traefik.io` alone; objects of `traefik.containo.us`, the group of Traefik 2, stay in the \
         cluster and have no effect. Change their apiVersion.",
    ),
    (
        "opt-out-without-reason",
        "`pleach.dev/<function>: skip` leaves an object out of a function, and `pleach.dev/<function>-reason` says \
         why: whoever reads the tree later must be able to tell a decision from an oversight.",
    ),
    (
        "some-hosts",
        "A rule selects by host or zone, and some hosts of the object are meant by it and others are not. One \
         annotation serves the whole object, so the rule does not count for it. Give the hosts that belong apart \
         an object of their own.",
    ),
    (
        "unhandled-route-kind",
        "ExternalDNS or another controller reads this kind, and pleach does not weave into it yet: its DNS target, \
         its certificate and its sign-in are as its author wrote them.",
    ),
    (
        "unknown-opt-out",
        "The value that `pleach.dev/<function>` takes is `skip`; forward-auth knows `required` too, and cert-manager \
         `of-host` on an Ingress or an IngressRoute. Any other would read as if something \
         happened, and nothing would.",
    ),
    (
        "unreadable-rule",
        "Traefik builds no router for a rule that it cannot read, and says so in its log alone. In the syntax of \
         version 3 a matcher takes one value: `Host(`a`) || Host(`b`)`.",
    ),
];
