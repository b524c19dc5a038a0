//! A TLSOption of Traefik, by namespace and name (Traefik v3.7.9).

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};

use crate::value::Name;

/// A TLSOption, written `namespace/name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsOptions {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl TlsOptions {
    /// Reads `namespace/name`.
    ///
    /// Traefik files a TLSOption under `namespace-name` as it stands, and normalises a reference to it
    /// (`buildTLSOptions`, `resolveReference`): one with a `.` or a `--` is never found. One named `default` is the
    /// default of the whole Traefik, and is found under that name alone.
    pub fn new(text: &str) -> Result<Self, String> {
        let (namespace, name) = text.split_once('/').ok_or("expected `namespace/name`")?;
        for part in [namespace, name] {
            Name::new(part)?;
        }
        if name == "default" {
            return Err("the TLSOption `default` is everybody's without being named".to_owned());
        }
        let id = format!("{namespace}-{name}");
        if routes::middleware_id::normalize(&id) != id {
            return Err("Traefik finds no TLSOption with a `.` or a `--` in its name".to_owned());
        }
        Ok(Self { namespace: namespace.to_owned(), name: name.to_owned() })
    }

    /// As an Ingress names it.
    pub(crate) fn id(&self) -> String {
        format!("{}-{}@kubernetescrd", self.namespace, self.name)
    }
}

impl<'de> Deserialize<'de> for TlsOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for TlsOptions {
    fn schema_name() -> Cow<'static, str> {
        "TlsOptions".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}

#[cfg(test)]
mod tests {
    use super::TlsOptions;

    #[test]
    fn one_that_traefik_would_not_find_is_refused() {
        assert_eq!(TlsOptions::new("traefik/modern").unwrap().id(), "traefik-modern@kubernetescrd");
        for wrong in
            ["modern", "traefik/", "/modern", "a/b/c", "traefik/default", "a/tls1.2", "a/b--c"]
        {
            assert!(TlsOptions::new(wrong).is_err(), "{wrong}");
        }
    }
}
