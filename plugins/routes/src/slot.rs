//! Where a DNS target, a certificate and sign-in attach to an object. Functions match on these, never on kinds.

/// Where a DNS target attaches (ExternalDNS 0.22, `source/`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsSlot {
    /// No DNS record comes from the object.
    None,
    /// ExternalDNS reads annotations of the object.
    Annotations {
        /// Which of its keys are read here.
        keys: DnsKeys,
        /// Where the host of the record comes from.
        hosts: HostsFrom,
        /// Where the target of the record comes from while no annotation names it.
        target: TargetFrom,
    },
    /// The records stand in the object's spec, and its annotations are ignored.
    Records(Vec<DnsRecord>),
}

/// Which annotations of ExternalDNS are read on an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DnsKeys {
    /// All of them.
    All,
    /// The target alone: on a Gateway and a ListenerSet.
    Target,
    /// All but the target: on the routes below a Gateway.
    Record,
    /// All of them, and `access` alone is due: on a Service of type NodePort, whose records name nodes.
    Access,
    /// All of them, and none is due: on a Service that no address outside of the cluster leads to.
    Written,
}

/// Where the host of a DNS record comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostsFrom {
    /// From the fields of the object; a hostname annotation adds to them.
    Fields,
    /// From the hostname annotation alone: without one there is no record.
    Annotation,
}

/// Where the target of a DNS record comes from while no annotation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetFrom {
    /// From the object: its status, or the addresses in its spec.
    Object,
    /// From the Gateways and ListenerSets that the object hangs below.
    Parents,
    /// From nowhere: without the annotation there is no record.
    Nowhere,
}

/// A record that stands in an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DnsRecord {
    /// Where it stands.
    pub pointer: String,
    /// Its name, in lower case.
    pub name: String,
    /// `A`, `AAAA`, `CNAME`, ...
    pub record_type: String,
    /// Its targets.
    pub targets: Vec<String>,
    /// What tells it apart from others of its name and type.
    pub set_identifier: Option<String>,
}

/// Where a certificate attaches (cert-manager 1.20, `pkg/controller/certificate-shim`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsSlot {
    /// No certificate attaches to the object.
    None,
    /// cert-manager reads issuer annotations of the object, and makes a Certificate for each block.
    Blocks {
        /// The list of blocks.
        pointer: &'static str,
        /// The blocks that stand in it.
        blocks: Vec<TlsBlock>,
    },
    /// cert-manager reads issuer annotations of the object, and makes a Certificate for each listener that it accepts.
    Listeners(Vec<Listener>),
    /// cert-manager does not read the object: a Certificate is an object of its own, and the route names its Secret.
    Certificate {
        /// The map that names the Secret.
        pointer: &'static str,
        /// What stands in it; `None` where there is no such map, and no TLS.
        tls: Option<RouterTls>,
    },
    /// A controller beside cert-manager reads its own issuer annotations and fills the certificate in
    /// (cert-manager/openshift-routes 0.8).
    Filled {
        /// Whether the author wrote a certificate, which that controller would replace.
        own: bool,
    },
}

/// A block of `spec.tls` of an Ingress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsBlock {
    /// Where it stands.
    pub pointer: String,
    /// Its hosts.
    pub hosts: Vec<String>,
    /// The Secret that holds the certificate.
    pub secret: Option<String>,
}

/// A listener of a Gateway or a ListenerSet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listener {
    /// Where it stands.
    pub pointer: String,
    /// Its name.
    pub name: String,
    /// Its host.
    pub hostname: Option<String>,
    /// `HTTPS`, `TLS`, `HTTP`, `TCP`, `UDP`
    pub protocol: String,
    /// `tls.mode`, when `tls` stands there: `Terminate` or `Passthrough`.
    pub mode: Option<String>,
    /// Whether it has a `tls` block.
    pub tls: bool,
    /// The Secrets that hold its certificates, those that cert-manager may write: kind Secret of the core group, in the
    /// namespace of the object.
    pub secrets: Vec<String>,
    /// Whether it names a certificate that cert-manager does not write.
    pub foreign: bool,
}

/// `spec.tls` of an IngressRoute or an IngressRouteTCP.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field that is there or not")]
pub struct RouterTls {
    /// `secretName`
    pub secret: Option<String>,
    /// Whether Traefik itself gets the certificate (`certResolver`).
    pub resolver: bool,
    /// Whether it comes from a TLSStore.
    pub store: bool,
    /// Whether TLSOptions are named.
    pub options: bool,
    /// Whether TLS ends at the backend.
    pub passthrough: bool,
}

/// Where sign-in attaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthSlot {
    /// The object serves nothing by itself.
    None,
    /// It serves something, and no sign-in can attach to it: why.
    Impossible(&'static str),
    /// One annotation holds the middlewares of all its rules.
    Annotation,
    /// Each rule has a list of references (name, namespace), in this field of the rule.
    Middlewares {
        /// The field of a rule that holds the list.
        field: &'static str,
    },
    /// Each rule has a list of filters, in this field of the rule; a filter names a middleware of the same namespace.
    Filters {
        /// The field of a rule that holds the list.
        field: &'static str,
    },
}
