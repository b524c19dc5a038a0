//! A request as annotations, and annotations as a request (`translateAnnotations`).

use serde_json::Value;

use super::{Algorithm, Encoding, PrivateKey, Request, RotationPolicy, SecretTemplate, Subject};
use crate::keys;
use crate::value::{self, CommonName, Duration, Email, Ip, Uri, Usage};

/// A value that cert-manager does not take: its annotation, and why.
type Refused = (&'static str, String);

impl Request {
    /// The annotations that say the same, in a fixed order. `uris` has none on an Ingress or a Gateway.
    pub(crate) fn annotations(&self) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        let mut add = |key, text: Option<String>| all.extend(text.map(|text| (key, text)));
        let text = |duration: &Option<Duration>| duration.as_ref().map(ToString::to_string);
        add(keys::COMMON_NAME, self.common_name.as_ref().map(ToString::to_string));
        add(keys::DURATION, text(&self.duration));
        add(keys::RENEW_BEFORE, text(&self.renew_before));
        let percentage = self.renew_before_percentage.map(|percentage| percentage.to_string());
        add(keys::RENEW_BEFORE_PERCENTAGE, percentage);
        add(keys::USAGES, comma(&self.usages));
        let limit = self.revision_history_limit.map(|limit| limit.to_string());
        add(keys::REVISION_HISTORY_LIMIT, limit);
        if let Some(key) = &self.private_key {
            add(keys::KEY_ALGORITHM, key.algorithm.map(|word| word.word().to_owned()));
            add(keys::KEY_SIZE, key.size.map(|size| size.to_string()));
            add(keys::KEY_ENCODING, key.encoding.map(|word| word.word().to_owned()));
            add(keys::KEY_ROTATION, key.rotation_policy.map(|word| word.word().to_owned()));
        }
        add(keys::IP_SANS, comma(&self.ip_addresses));
        add(keys::URI_SANS, comma(&self.uris));
        add(keys::EMAIL_SANS, comma(&self.email_addresses));
        if let Some(subject) = &self.subject {
            for (key, values) in subject.lists() {
                add(key, (!values.is_empty()).then(|| value::join_csv(values)));
            }
            add(keys::SERIAL_NUMBER, subject.serial_number.clone());
        }
        let template = self.secret_template.as_ref().map(|template| template.json().to_string());
        add(keys::SECRET_TEMPLATE, template);
        all
    }

    /// What the annotations of an object say.
    pub(crate) fn of<'a>(annotation: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Refused> {
        let get = |key: &'static str| annotation(key).map(|text| (key, text));
        let subject = Subject::of(&annotation)?;
        let private_key = PrivateKey {
            algorithm: read(get(keys::KEY_ALGORITHM), Algorithm::new)?,
            size: read(get(keys::KEY_SIZE), value::integer)?,
            encoding: read(get(keys::KEY_ENCODING), Encoding::new)?,
            rotation_policy: read(get(keys::KEY_ROTATION), RotationPolicy::new)?,
        };
        // cert-manager drops the blanks around a usage, and none around anything else.
        let usages = |text: &str| all(text.split(',').map(|one| one.trim_matches(' ')), Usage::new);
        let filled = |key| get(key).filter(|(_, text)| !text.is_empty());
        Ok(Self {
            duration: read(get(keys::DURATION), Duration::new)?,
            renew_before: read(get(keys::RENEW_BEFORE), Duration::new)?,
            renew_before_percentage: read(get(keys::RENEW_BEFORE_PERCENTAGE), small)?,
            private_key: Some(private_key).filter(|key| *key != PrivateKey::default()),
            usages: read(get(keys::USAGES), usages)?.unwrap_or_default(),
            revision_history_limit: read(get(keys::REVISION_HISTORY_LIMIT), small)?,
            common_name: read(get(keys::COMMON_NAME), CommonName::new)?,
            subject: Some(subject).filter(|subject| *subject != Subject::default()),
            ip_addresses: read(filled(keys::IP_SANS), |text| all(text.split(','), Ip::new))?
                .unwrap_or_default(),
            uris: read(filled(keys::URI_SANS), |text| all(text.split(','), Uri::new))?
                .unwrap_or_default(),
            email_addresses: read(get(keys::EMAIL_SANS), |text| all(text.split(','), Email::new))?
                .unwrap_or_default(),
            secret_template: read(get(keys::SECRET_TEMPLATE), SecretTemplate::parse)?,
        })
    }
}

fn read<T>(
    found: Option<(&'static str, &str)>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, Refused> {
    found.map(|(key, text)| parse(text).map_err(|why| (key, why))).transpose()
}

fn all<'a, T>(
    items: impl Iterator<Item = &'a str>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    items.map(|item| parse(item).map_err(|why| format!("`{item}`: {why}"))).collect()
}

fn comma<T: ToString>(values: &[T]) -> Option<String> {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

/// A number of 32 bits (`strconv.ParseInt(_, 10, 32)`).
fn small(text: &str) -> Result<i32, String> {
    i32::try_from(value::integer(text)?).map_err(|_| "no number of 32 bits".to_owned())
}

impl Subject {
    fn lists(&self) -> [(&'static str, &Vec<String>); 7] {
        [
            (keys::ORGANIZATIONS, &self.organizations),
            (keys::ORGANIZATIONAL_UNITS, &self.organizational_units),
            (keys::COUNTRIES, &self.countries),
            (keys::PROVINCES, &self.provinces),
            (keys::LOCALITIES, &self.localities),
            (keys::STREET_ADDRESSES, &self.street_addresses),
            (keys::POSTAL_CODES, &self.postal_codes),
        ]
    }

    fn of<'a>(annotation: &impl Fn(&str) -> Option<&'a str>) -> Result<Self, Refused> {
        let list = |key: &'static str| {
            let found = annotation(key).map(|text| (key, text));
            Ok::<_, Refused>(read(found, value::split_csv)?.unwrap_or_default())
        };
        Ok(Self {
            organizations: list(keys::ORGANIZATIONS)?,
            countries: list(keys::COUNTRIES)?,
            organizational_units: list(keys::ORGANIZATIONAL_UNITS)?,
            localities: list(keys::LOCALITIES)?,
            provinces: list(keys::PROVINCES)?,
            street_addresses: list(keys::STREET_ADDRESSES)?,
            postal_codes: list(keys::POSTAL_CODES)?,
            serial_number: annotation(keys::SERIAL_NUMBER).map(str::to_owned),
        })
    }
}

impl SecretTemplate {
    /// Reads the JSON of the annotation. Go's decoder reads the first value alone, and names of fields in any case.
    fn parse(text: &str) -> Result<Self, String> {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else { return Err("no JSON".to_owned()) };
        let fields = match value {
            Value::Null => return Ok(Self::default()),
            Value::Object(fields) => fields,
            _ => return Err("expected a map with `annotations` and `labels`".to_owned()),
        };
        let mut template = Self::default();
        for (name, value) in fields {
            let map = match name.to_ascii_lowercase().as_str() {
                "annotations" => &mut template.annotations,
                "labels" => &mut template.labels,
                _ => {
                    return Err(format!(
                        "unknown field `{name}`, expected `annotations` or `labels`"
                    ));
                }
            };
            match value {
                Value::Null => {}
                Value::Object(texts) => {
                    for (key, text) in texts {
                        let text = match text {
                            Value::String(text) => text,
                            Value::Null => String::new(),
                            _ => return Err(format!("`{name}.{key}` is no text")),
                        };
                        map.insert(key, text);
                    }
                }
                _ => return Err(format!("`{name}` is no map")),
            }
        }
        Ok(template)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn of(annotations: &[(&'static str, &str)]) -> Result<Request, Refused> {
        let map: BTreeMap<&str, &str> = annotations.iter().copied().collect();
        Request::of(|key| map.get(key).copied())
    }

    #[test]
    fn what_is_written_is_read_back_as_the_same() {
        let request: Request = serde_json::from_value(json!({
            "commonName": "a.example", "duration": "2160h", "renewBefore": "720h",
            "usages": ["server auth", "s/mime"], "revisionHistoryLimit": 2,
            "privateKey": {"algorithm": "ECDSA", "size": 384, "encoding": "PKCS8", "rotationPolicy": "Never"},
            "ipAddresses": ["10.0.0.1", "2001:db8::1"], "uris": ["spiffe://a/b"],
            "emailAddresses": ["a@example.org"],
            "subject": {"organizations": ["A, Inc", "B"], "serialNumber": "7"},
            "secretTemplate": {"labels": {"a": "b"}},
        }))
        .unwrap();
        let annotations = request.annotations();
        let map: BTreeMap<&str, &str> =
            annotations.iter().map(|(key, text)| (*key, text.as_str())).collect();
        assert_eq!(Request::of(|key| map.get(key).copied()), Ok(request));
        let lines: Vec<String> =
            annotations.iter().map(|(key, text)| format!("{key}: {text}")).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        cert-manager.io/common-name: a.example
        cert-manager.io/duration: 2160h
        cert-manager.io/renew-before: 720h
        cert-manager.io/usages: server auth,s/mime
        cert-manager.io/revision-history-limit: 2
        cert-manager.io/private-key-algorithm: ECDSA
        cert-manager.io/private-key-size: 384
        cert-manager.io/private-key-encoding: PKCS8
        cert-manager.io/private-key-rotation-policy: Never
        cert-manager.io/ip-sans: 10.0.0.1,2001:db8::1
        cert-manager.io/uri-sans: spiffe://a/b
        cert-manager.io/email-sans: a@example.org
        cert-manager.io/subject-organizations: "A, Inc",B
        cert-manager.io/subject-serialnumber: 7
        cert-manager.io/secret-template: {"labels":{"a":"b"}}
        "#);
    }

    #[test]
    fn each_value_that_cert_manager_refuses_is_refused() {
        for (key, text, why) in [
            (keys::DURATION, "90d", "Go has no unit `d`: 90 days are `2160h`"),
            (keys::RENEW_BEFORE, "", "no duration: expected one like `2160h` or `1h30m`"),
            (keys::RENEW_BEFORE_PERCENTAGE, "20%", "no whole number"),
            (keys::REVISION_HISTORY_LIMIT, "2147483648", "no number of 32 bits"),
            (keys::USAGES, "server auth,", "``: no key usage"),
            (keys::KEY_ALGORITHM, "rsa", "expected one of `RSA`, `ECDSA`, `Ed25519`"),
            (keys::KEY_SIZE, "4k", "no whole number"),
            (keys::KEY_ENCODING, "pkcs8", "expected one of `PKCS1`, `PKCS8`"),
            (keys::KEY_ROTATION, "always", "expected one of `Never`, `Always`"),
            (keys::IP_SANS, "10.0.0.1, 10.0.0.2", "` 10.0.0.2`: no IP address"),
            (keys::EMAIL_SANS, "", "``: no email address: expected one like `admin@example.org`"),
            (keys::ORGANIZATIONS, "a\"b", "a quote inside of a value that has none around it"),
            (keys::COUNTRIES, "", "no values"),
            (keys::SECRET_TEMPLATE, "{", "no JSON"),
            (
                keys::SECRET_TEMPLATE,
                r#"{"label": {}}"#,
                "unknown field `label`, expected `annotations` or `labels`",
            ),
            (keys::SECRET_TEMPLATE, r#"{"labels": {"a": 1}}"#, "`labels.a` is no text"),
        ] {
            assert_eq!(of(&[(key, text)]), Err((key, why.to_owned())), "{key}: {text}");
        }
        let long = "a".repeat(65);
        assert_eq!(of(&[(keys::COMMON_NAME, &long)]).unwrap_err().0, keys::COMMON_NAME);
    }

    #[test]
    fn what_cert_manager_takes_is_taken() {
        for (key, text) in [
            (keys::IP_SANS, ""),
            (keys::USAGES, " server auth , client auth"),
            (keys::SECRET_TEMPLATE, r#"{"Labels": {"a": null}} and more"#),
            (keys::SECRET_TEMPLATE, "null"),
            (keys::KEY_SIZE, "+4096"),
        ] {
            assert!(of(&[(key, text)]).is_ok(), "{key}: {text}");
        }
    }
}
