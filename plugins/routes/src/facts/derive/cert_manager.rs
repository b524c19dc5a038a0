//! cert-manager: the flags of its controller, and its configuration file, over which a flag wins
//! (1.20, `cmd/controller/app/options/options.go`, `pkg/apis/config/controller/v1alpha1/types.go`).

use serde_json::Value;

use super::flags::{Flags, Setting, truth};
use super::mounted::{self, File};
use super::workload::Controller;
use crate::facts::CertManagerFact;
use crate::read::{text_at, texts};

/// The flags that take a value.
const VALUED: &[&str] = &[
    "config",
    "default-issuer-name",
    "default-issuer-kind",
    "default-issuer-group",
    "auto-certificate-annotations",
    "cluster-resource-namespace",
];

pub(super) fn fact(controller: &Controller<'_>) -> CertManagerFact {
    let flags = Flags::read(&controller.arguments, VALUED);
    let mut reader = Reader { unreadable: flags.unreadable, flags, file: None };
    reader.open(controller);
    CertManagerFact {
        name: controller.name.clone(),
        namespace: controller.namespace.clone(),
        version: controller.version.clone(),
        default_issuer_name: reader
            .text("default-issuer-name", "/ingressShimConfig/defaultIssuerName"),
        default_issuer_kind: reader
            .text("default-issuer-kind", "/ingressShimConfig/defaultIssuerKind"),
        default_issuer_group: reader
            .text("default-issuer-group", "/ingressShimConfig/defaultIssuerGroup"),
        auto_certificate_annotations: reader.texts(
            "auto-certificate-annotations",
            "/ingressShimConfig/defaultAutoCertificateAnnotations",
        ),
        gateway_api: reader
            .truth("enable-gateway-api", ["/gatewayAPI/enabled", "/enableGatewayAPI"]),
        listener_sets: reader.truth(
            "enable-gateway-api-listenerset",
            ["/gatewayAPI/enableListenerSet", "/enableGatewayAPIListenerSet"],
        ),
        cluster_resource_namespace: reader
            .text("cluster-resource-namespace", "/clusterResourceNamespace"),
        unreadable_arguments: reader.unreadable,
    }
}

struct Reader {
    flags: Flags,
    file: Option<Value>,
    unreadable: bool,
}

impl Reader {
    /// Reads the configuration file, if one is named.
    fn open(&mut self, controller: &Controller<'_>) {
        let Some(path) = self.flag("config") else { return };
        match mounted::file(controller, &path) {
            File::Text(text) => match yaml::values(text.as_bytes()) {
                Ok(mut values) if values.len() == 1 => self.file = values.pop(),
                _ => self.unreadable = true,
            },
            File::Unknown | File::None => self.unreadable = true,
        }
    }

    /// The last value of a flag.
    fn flag(&mut self, name: &str) -> Option<String> {
        match self.flags.all(name).last()? {
            Setting::Text(text) => Some(text.clone()),
            Setting::Bare => Some(String::new()),
            Setting::Hidden => {
                self.unreadable = true;
                None
            }
        }
    }

    fn text(&mut self, flag: &str, pointer: &str) -> Option<String> {
        let of_file = self.file.as_ref().and_then(|file| text_at(file, pointer)).map(str::to_owned);
        self.flag(flag).filter(|text| !text.is_empty()).or(of_file)
    }

    /// A flag that is given again adds to what it was given before; so does a comma (pflag, `StringSlice`).
    fn texts(&mut self, flag: &str, pointer: &str) -> Vec<String> {
        let given: Vec<Setting> = self.flags.all(flag).cloned().collect();
        self.unreadable |= given.contains(&Setting::Hidden);
        let of_flag = given.iter().filter_map(|setting| match setting {
            Setting::Text(text) => Some(text),
            Setting::Bare | Setting::Hidden => None,
        });
        let of_flag: Vec<String> =
            of_flag.flat_map(|text| crate::read::comma_list(text)).map(str::to_owned).collect();
        if !of_flag.is_empty() {
            return of_flag;
        }
        self.file.iter().flat_map(|file| texts(file, pointer)).map(str::to_owned).collect()
    }

    /// `pointers`: the field, and the one that it was before.
    fn truth(&mut self, flag: &str, pointers: [&str; 2]) -> bool {
        match self.flag(flag) {
            Some(text) => text.is_empty() || truth(&text),
            None => pointers
                .iter()
                .find_map(|pointer| self.file.as_ref()?.pointer(pointer)?.as_bool())
                .unwrap_or_default(),
        }
    }
}
