//! What cert-manager refuses of a certificate although each value is well-formed (v1.21.2,
//! `internal/apis/certmanager/validation/certificate.go` and `pkg/controller/certificate-shim/helper.go`).

use super::{Algorithm, Request};
use crate::keys;
use crate::value::{self, Duration};

/// cert-manager's default for `duration`, in nanoseconds: 90 days.
const DEFAULT_DURATION: i64 = 2160 * HOUR;
const HOUR: i64 = 3_600_000_000_000;
const MINUTE: i64 = HOUR / 60;

/// What is wrong: the field below `certificate`, the annotation that says the same, and the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// As a path (`privateKey.size`).
    pub(crate) field: &'static str,
    /// The annotation.
    pub(crate) key: &'static str,
    /// Why.
    pub(crate) message: String,
}

fn wrong(field: &'static str, key: &'static str, message: impl Into<String>) -> Wrong {
    Wrong { field, key, message: message.into() }
}

impl Request {
    /// Whether cert-manager takes it.
    pub(crate) fn check(&self) -> Result<(), Wrong> {
        self.lifetime()?;
        self.key()?;
        if self.revision_history_limit.is_some_and(|limit| limit < 1) {
            let (field, key) = ("revisionHistoryLimit", keys::REVISION_HISTORY_LIMIT);
            return Err(wrong(field, key, "must be 1 or more"));
        }
        self.template()
    }

    fn lifetime(&self) -> Result<(), Wrong> {
        let duration = self.duration.as_ref().map_or(DEFAULT_DURATION, Duration::nanoseconds);
        let shown = self.duration.as_ref().map_or("2160h, the default", Duration::as_str);
        if duration < HOUR {
            return Err(wrong("duration", keys::DURATION, "must be 1h or more"));
        }
        if let Some(before) = &self.renew_before {
            let wrong = |message: String| Err(wrong("renewBefore", keys::RENEW_BEFORE, message));
            if self.renew_before_percentage.is_some() {
                return wrong(
                    "renewBefore and renewBeforePercentage exclude each other".to_owned(),
                );
            }
            if before.nanoseconds() < 5 * MINUTE {
                return wrong("must be 5m or more".to_owned());
            }
            if before.nanoseconds() >= duration {
                return wrong(format!("must be less than the duration ({shown})"));
            }
        }
        if let Some(percentage) = self.renew_before_percentage {
            let (field, key) = ("renewBeforePercentage", keys::RENEW_BEFORE_PERCENTAGE);
            let before = i128::from(duration) * i128::from(100 - i64::from(percentage)) / 100;
            if before < i128::from(5 * MINUTE) {
                return Err(wrong(
                    field,
                    key,
                    format!("leaves less than 5m of the duration ({shown})"),
                ));
            }
            if before >= i128::from(duration) {
                return Err(wrong(field, key, "must be more than 0"));
            }
        }
        Ok(())
    }

    fn key(&self) -> Result<(), Wrong> {
        let Some(key) = &self.private_key else { return Ok(()) };
        let Some(size) = key.size else { return Ok(()) };
        let message = match key.algorithm.unwrap_or(Algorithm::Rsa) {
            Algorithm::Rsa if !(2048..=8192).contains(&size) => "must be 2048 to 8192 for RSA",
            Algorithm::Ecdsa if ![256, 384, 521].contains(&size) => {
                "must be 256, 384 or 521 for ECDSA"
            }
            Algorithm::Rsa | Algorithm::Ecdsa | Algorithm::Ed25519 => return Ok(()),
        };
        Err(wrong("privateKey.size", keys::KEY_SIZE, message))
    }

    fn template(&self) -> Result<(), Wrong> {
        let Some(template) = &self.secret_template else { return Ok(()) };
        let wrong = |message| wrong("secretTemplate", keys::SECRET_TEMPLATE, message);
        for name in template.annotations.keys() {
            if name.starts_with(keys::GROUP_PREFIX) {
                return Err(wrong(format!(
                    "holds the annotation `{name}`, which is cert-manager's own"
                )));
            }
            value::label_key(&name.to_ascii_lowercase()).map_err(wrong)?;
        }
        for (name, text) in &template.labels {
            value::label_key(name).map_err(wrong)?;
            value::label_value(text).map_err(|what| wrong(format!("`{name}`: {what}")))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn said(json: Value) -> String {
        let request: Request = serde_json::from_value(json).unwrap();
        request.check().map_or_else(
            |wrong| format!("{}: {}", wrong.field, wrong.message),
            |()| "fine".to_owned(),
        )
    }

    #[test]
    fn a_certificate_lives_an_hour_and_is_renewed_before_its_end() {
        for (json, answer) in [
            (json!({"duration": "1h"}), "fine"),
            (json!({"duration": "59m"}), "duration: must be 1h or more"),
            (json!({"renewBefore": "2159h"}), "fine"),
            (
                json!({"renewBefore": "2160h"}),
                "renewBefore: must be less than the duration (2160h, the default)",
            ),
            (
                json!({"duration": "24h", "renewBefore": "24h"}),
                "renewBefore: must be less than the duration (24h)",
            ),
            (json!({"renewBefore": "4m59s"}), "renewBefore: must be 5m or more"),
            (
                json!({"renewBefore": "24h", "renewBeforePercentage": 20}),
                "renewBefore: renewBefore and renewBeforePercentage exclude each other",
            ),
            (json!({"renewBeforePercentage": 1}), "fine"),
            (json!({"renewBeforePercentage": 99}), "fine"),
            (json!({"renewBeforePercentage": 0}), "renewBeforePercentage: must be more than 0"),
            (
                json!({"renewBeforePercentage": 100}),
                "renewBeforePercentage: leaves less than 5m of the duration (2160h, the default)",
            ),
            (
                json!({"duration": "1h", "renewBeforePercentage": 92}),
                "renewBeforePercentage: leaves less than 5m of the duration (1h)",
            ),
        ] {
            assert_eq!(said(json.clone()), answer, "{json}");
        }
    }

    #[test]
    fn a_key_has_a_size_of_its_algorithm() {
        for (key, fine) in [
            (json!({"size": 2048}), true),
            (json!({"size": 8192, "algorithm": "RSA"}), true),
            (json!({"size": 1024}), false),
            (json!({"size": 8193}), false),
            (json!({"size": 256}), false),
            (json!({"size": 256, "algorithm": "ECDSA"}), true),
            (json!({"size": 521, "algorithm": "ECDSA"}), true),
            (json!({"size": 512, "algorithm": "ECDSA"}), false),
            (json!({"size": 1, "algorithm": "Ed25519"}), true),
        ] {
            assert_eq!(said(json!({"privateKey": key})) == "fine", fine, "{key}");
        }
    }

    #[test]
    fn a_secret_template_holds_nothing_of_cert_manager() {
        assert_eq!(said(json!({"secretTemplate": {"labels": {"a.b/c": "d"}}})), "fine");
        assert_eq!(
            said(json!({"secretTemplate": {"annotations": {"cert-manager.io/x": ""}}})),
            "secretTemplate: holds the annotation `cert-manager.io/x`, which is cert-manager's own"
        );
        assert_eq!(
            said(json!({"secretTemplate": {"labels": {"a": "b c"}}})),
            "secretTemplate: `a`: no value of a label"
        );
        assert_eq!(
            said(json!({"revisionHistoryLimit": 0})),
            "revisionHistoryLimit: must be 1 or more"
        );
    }
}
