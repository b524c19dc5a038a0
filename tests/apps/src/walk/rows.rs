//! The table of references: (kind, pointer) and the kind that it points to.
//!
//! A further app that brings kinds of its own needs a row for each of its references, and no code.

/// One reference.
#[derive(Debug)]
pub struct Row {
    /// The kind that refers; `Pod` stands for every object that makes pods, with pointers from the pod's spec.
    pub kind: &'static str,
    /// Where the reference stands: a pointer in which `*` is every key or index.
    pub at: &'static str,
    /// Below it, the name. Empty where the reference is a text itself.
    pub name: &'static str,
    /// The kind that it names.
    pub to: &'static str,
    /// What of the named object must be there.
    pub part: Part,
    /// Where the named object stands.
    pub within: Within,
}

/// What of the named object must be there.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// The object.
    Whole,
    /// A key of its data, named at this pattern below the reference.
    Key(&'static str),
    /// A port by name or number, at this pointer below the reference.
    Port(&'static str),
}

/// Where the named object stands.
#[derive(Debug, Clone, Copy)]
pub enum Within {
    /// In the namespace of the object that refers, or in none, by its kind.
    Own,
    /// In the namespace at this pointer below the reference; in the own one where that is empty.
    Named(&'static str),
    /// In this namespace, whoever refers.
    Fixed(&'static str),
}

const fn row(kind: &'static str, at: &'static str, name: &'static str, to: &'static str) -> Row {
    Row { kind, at, name, to, part: Part::Whole, within: Within::Own }
}

impl Row {
    const fn key(mut self, at: &'static str) -> Self {
        self.part = Part::Key(at);
        self
    }

    const fn port(mut self, at: &'static str) -> Self {
        self.part = Part::Port(at);
        self
    }

    const fn named(mut self, at: &'static str) -> Self {
        self.within = Within::Named(at);
        self
    }

    const fn fixed(mut self, namespace: &'static str) -> Self {
        self.within = Within::Fixed(namespace);
        self
    }
}

/// Where cert-manager looks for the Secrets of a `ClusterIssuer`: `--cluster-resource-namespace`, its own by default.
const CLUSTER_RESOURCES: &str = "cert-manager";

/// The table.
pub const ROWS: &[Row] = &[
    row("Pod", "/containers/*/envFrom/*/configMapRef", "/name", "ConfigMap"),
    row("Pod", "/containers/*/envFrom/*/secretRef", "/name", "Secret"),
    row("Pod", "/containers/*/env/*/valueFrom/configMapKeyRef", "/name", "ConfigMap").key("/key"),
    row("Pod", "/containers/*/env/*/valueFrom/secretKeyRef", "/name", "Secret").key("/key"),
    row("Pod", "/initContainers/*/envFrom/*/configMapRef", "/name", "ConfigMap"),
    row("Pod", "/initContainers/*/envFrom/*/secretRef", "/name", "Secret"),
    row("Pod", "/initContainers/*/env/*/valueFrom/configMapKeyRef", "/name", "ConfigMap")
        .key("/key"),
    row("Pod", "/initContainers/*/env/*/valueFrom/secretKeyRef", "/name", "Secret").key("/key"),
    row("Pod", "/volumes/*/configMap", "/name", "ConfigMap").key("/items/*/key"),
    row("Pod", "/volumes/*/secret", "/secretName", "Secret").key("/items/*/key"),
    row("Pod", "/volumes/*/projected/sources/*/configMap", "/name", "ConfigMap")
        .key("/items/*/key"),
    row("Pod", "/volumes/*/projected/sources/*/secret", "/name", "Secret").key("/items/*/key"),
    row("Pod", "/volumes/*/persistentVolumeClaim", "/claimName", "PersistentVolumeClaim"),
    row("Pod", "/serviceAccountName", "", "ServiceAccount"),
    row("Pod", "/imagePullSecrets/*", "/name", "Secret"),
    row("Pod", "/priorityClassName", "", "PriorityClass"),
    row("StatefulSet", "/spec/serviceName", "", "Service"),
    row("StatefulSet", "/spec/volumeClaimTemplates/*/spec/storageClassName", "", "StorageClass"),
    row("PersistentVolumeClaim", "/spec/storageClassName", "", "StorageClass"),
    row("RoleBinding", "/subjects/*", "/name", "/kind").named("/namespace"),
    row("RoleBinding", "/roleRef", "/name", "/kind"),
    row("ClusterRoleBinding", "/subjects/*", "/name", "/kind").named("/namespace"),
    row("ClusterRoleBinding", "/roleRef", "/name", "/kind"),
    row("HorizontalPodAutoscaler", "/spec/scaleTargetRef", "/name", "/kind"),
    row("APIService", "/spec/service", "/name", "Service").port("/port").named("/namespace"),
    row("ValidatingWebhookConfiguration", "/webhooks/*/clientConfig/service", "/name", "Service")
        .port("/port")
        .named("/namespace"),
    row("MutatingWebhookConfiguration", "/webhooks/*/clientConfig/service", "/name", "Service")
        .port("/port")
        .named("/namespace"),
    row(
        "CustomResourceDefinition",
        "/spec/conversion/webhook/clientConfig/service",
        "/name",
        "Service",
    )
    .port("/port")
    .named("/namespace"),
    row("Ingress", "/spec/ingressClassName", "", "IngressClass"),
    row("Ingress", "/spec/defaultBackend/service", "/name", "Service").port("/port"),
    row("Ingress", "/spec/rules/*/http/paths/*/backend/service", "/name", "Service").port("/port"),
    row("Ingress", "/spec/tls/*", "/secretName", "Secret"),
    row("Ingress", "/metadata/annotations/cert-manager.io~1cluster-issuer", "", "ClusterIssuer"),
    row("Ingress", "/metadata/annotations/cert-manager.io~1issuer", "", "Issuer"),
    row("IngressRoute", "/spec/routes/*/services/*", "/name", "/kind:Service")
        .port("/port")
        .named("/namespace"),
    row("IngressRoute", "/spec/routes/*/middlewares/*", "/name", "Middleware").named("/namespace"),
    row("IngressRoute", "/spec/tls/secretName", "", "Secret"),
    row("IngressRoute", "/spec/tls/options", "/name", "TLSOption").named("/namespace"),
    row("IngressRoute", "/spec/tls/store", "/name", "TLSStore").named("/namespace"),
    row("IngressRouteTCP", "/spec/routes/*/services/*", "/name", "Service")
        .port("/port")
        .named("/namespace"),
    row("IngressRouteTCP", "/spec/routes/*/middlewares/*", "/name", "MiddlewareTCP")
        .named("/namespace"),
    row("IngressRouteTCP", "/spec/tls/secretName", "", "Secret"),
    row("IngressRouteTCP", "/spec/tls/options", "/name", "TLSOption").named("/namespace"),
    row("IngressRouteUDP", "/spec/routes/*/services/*", "/name", "Service")
        .port("/port")
        .named("/namespace"),
    row("Middleware", "/spec/chain/middlewares/*", "/name", "Middleware").named("/namespace"),
    row("Middleware", "/spec/errors/service", "/name", "Service").port("/port").named("/namespace"),
    row("Middleware", "/spec/basicAuth/secret", "", "Secret"),
    row("Middleware", "/spec/forwardAuth/tls/caSecret", "", "Secret"),
    row("TLSStore", "/spec/defaultCertificate/secretName", "", "Secret"),
    row("TLSOption", "/spec/clientAuth/secretNames/*", "", "Secret"),
    row("Certificate", "/spec/issuerRef", "/name", "/kind:Issuer"),
    row(
        "ClusterIssuer",
        "/spec/acme/solvers/*/dns01/cloudflare/apiTokenSecretRef",
        "/name",
        "Secret",
    )
    .key("/key")
    .fixed(CLUSTER_RESOURCES),
    row("ClusterIssuer", "/spec/acme/externalAccountBinding/keySecretRef", "/name", "Secret")
        .key("/key")
        .fixed(CLUSTER_RESOURCES),
    row("ClusterIssuer", "/spec/ca/secretName", "", "Secret").fixed(CLUSTER_RESOURCES),
    row("Issuer", "/spec/acme/solvers/*/dns01/cloudflare/apiTokenSecretRef", "/name", "Secret")
        .key("/key"),
    row("Issuer", "/spec/ca/secretName", "", "Secret"),
    row("L2Advertisement", "/spec/ipAddressPools/*", "", "IPAddressPool"),
    row("BGPAdvertisement", "/spec/ipAddressPools/*", "", "IPAddressPool"),
    row("BGPAdvertisement", "/spec/peers/*", "", "BGPPeer"),
    row("BGPPeer", "/spec/passwordSecret", "/name", "Secret"),
    row("BGPPeer", "/spec/bfdProfile", "", "BFDProfile"),
    row("Service", "/metadata/annotations/metallb.io~1address-pool", "", "IPAddressPool")
        .fixed("metallb-system"),
    row("Application", "/spec/project", "", "AppProject"),
    row("Application", "/spec/destination/namespace", "", "Namespace"),
    row("ServiceMonitor", "/spec/endpoints/*/basicAuth/password", "/name", "Secret").key("/key"),
];
