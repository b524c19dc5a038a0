//! The documented config: `ExternalDNS`.

use std::collections::BTreeMap;

use routes::select::Zone;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::target::Targets;
use crate::ttl::Ttl;

mod prefix;
mod provider_keys;
mod words;

pub use prefix::Prefix;
pub use provider_keys::ProviderKeys;
pub use words::{Comment, Word};

routes::spec! {
    /// Writes DNS targets and record settings for ExternalDNS onto everything that is reachable by a name.
    ///
    /// ExternalDNS finds no target for Traefik's IngressRoutes, because they have no status; its own `--default-targets` is
    /// for DNSEndpoints alone. Here each object gets the target that it is due, where ExternalDNS looks for it: on the object, on
    /// the Gateway or the ListenerSet instead of the routes below them, and nowhere on a Service without a hostname
    /// annotation or on a DNSEndpoint.
    ///
    /// **Prefixes.** ExternalDNS 0.22 reads `external-dns.kubernetes.io/`, those before it
    /// `external-dns.alpha.kubernetes.io/`, each one alone: after an update without the other prefix it deletes the
    /// records. `prefix: auto` follows the version and the flags of the controllers in the tree or in the facts file, writes
    /// both prefixes where nothing says, and says which it was. What an author wrote under a prefix that no controller reads is
    /// copied, with all of the object's keys, to the one that they do.
    ///
    /// **What an author wrote stays**, under either prefix: nothing is changed or added beside it. `controller` with
    /// any value but `dns-controller` is ExternalDNS's own opt-out, and respected; `pleach.dev/external-dns: skip`, with
    /// `pleach.dev/external-dns-reason`, leaves an object to ExternalDNS as it stands.
    ///
    /// **It refuses** what would leave a host without a record, or with two that contradict each other: a CNAME beside
    /// addresses for one host, a proxied record to a private address, a routing policy of Route 53 without a set
    /// identifier, a label of more than 63 characters, a value of `ingress-hostname-source` that makes ExternalDNS
    /// publish nothing. It warns of hosts that ExternalDNS does not see (double quotes, regular expressions in rules), sees wrongly
    /// (negations), or filters out (`--domain-filter`).
    ///
    /// **`mode: endpoint`** adds a `DNSEndpoint` for each object instead of annotations: a target of its own for each
    /// route below a Gateway, hosts that only Traefik's own parser finds, two records for one host in two views
    /// (`labels`, for `--label-filter`). ExternalDNS needs `--source=crd` for it. The object gets `controller: dns-endpoint`, so
    /// that ExternalDNS does not publish it a second time.
    pub struct ExternalDns {
        /// A committed `ClusterFacts` file, relative to the kustomization: the controllers and Gateways of other builds.
        #[serde(default)]
        pub facts: Option<String>,
        /// The zones that are published: an object whose hosts are all outside of them gets nothing. One with hosts inside
        /// and outside is an error, because an annotation is for all hosts of its object; `mode: endpoint` can tell
        /// them apart. Without the field every zone is published.
        #[serde(default)]
        pub zones: Vec<Zone>,
    }

    /// What is written for some of the objects.
    pub struct Records {
        /// What the records point to: addresses, or one name; a comma list or a list.
        pub target: Targets,
        /// The time to live: seconds, or a Go duration (`5m`); 1 to 2147483647 seconds, whole.
        pub ttl: Ttl,
        /// Whether Cloudflare proxies the records.
        pub proxied: bool,
        /// Which addresses of the nodes a Service of type NodePort is published with. Written on those alone, where they
        /// have a hostname annotation.
        pub access: Access,
        /// `controller`: with any other value than `dns-controller` ExternalDNS passes the objects over, and nothing else is
        /// written.
        pub controller: Word,
        /// What tells records of one name and type apart: routing policies of Route 53 need it.
        pub set_identifier: Word,
        /// A comment on the records, for Cloudflare: at most 100 characters in a free zone, 500 in a paid one.
        pub record_comment: Comment,
        /// Keys of providers, without the prefix: `aws-weight: "10"`, `cloudflare-region-key: eu`,
        /// `webhook-anything: x`.
        pub provider_keys: ProviderKeys,
        /// Under which prefix annotations are written: `auto`, `alpha`, `ga`, `both`, or a prefix that ends in `/`. The alpha
        /// and the GA prefix are two spellings of one key. One of a controller's own (`--annotation-prefix`) is another
        /// controller's view of the object: what stands under the other prefixes does not count for it, unless no known
        /// controller reads them.
        pub prefix: Prefix,
        /// Annotations on the objects, or a DNSEndpoint for each.
        pub mode: Mode,
        /// Labels of the DNSEndpoints, by which a controller with `--label-filter` knows its own.
        pub labels: BTreeMap<String, String>,
    }
}

/// Which addresses of the nodes are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// The external ones.
    Public,
    /// The internal ones.
    Private,
}

impl Access {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }
}

/// Where the settings of records stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// In annotations of the object: the default.
    #[default]
    Annotations,
    /// In a DNSEndpoint that is added for the object.
    Endpoint,
}
