//! A request as fields of a Certificate's `spec`.

use serde_json::{Map, Value, json};

use super::{Request, Subject};
use crate::value::{Duration, Email, Ip, Uri, Usage};

impl Request {
    /// The fields, in the order of the API's documentation.
    pub(crate) fn spec(&self) -> Map<String, Value> {
        let mut spec = Map::new();
        let mut add = |name: &str, value: Option<Value>| {
            spec.extend(value.map(|value| (name.to_owned(), value)));
        };
        let text = |duration: &Option<Duration>| duration.as_ref().map(|text| json!(text.as_str()));
        add("commonName", self.common_name.as_ref().map(|name| json!(name.as_str())));
        add("subject", self.subject.as_ref().map(Subject::spec));
        add("ipAddresses", texts(self.ip_addresses.iter().map(Ip::as_str)));
        add("uris", texts(self.uris.iter().map(Uri::as_str)));
        add("emailAddresses", texts(self.email_addresses.iter().map(Email::as_str)));
        add("duration", text(&self.duration));
        add("renewBefore", text(&self.renew_before));
        add("renewBeforePercentage", self.renew_before_percentage.map(Value::from));
        add("usages", texts(self.usages.iter().map(Usage::as_str)));
        let key = self.private_key.as_ref().map(|key| {
            let mut fields = Map::new();
            fields.extend(key.algorithm.map(|word| ("algorithm".to_owned(), json!(word.word()))));
            fields.extend(key.size.map(|size| ("size".to_owned(), json!(size))));
            fields.extend(key.encoding.map(|word| ("encoding".to_owned(), json!(word.word()))));
            let rotation = key.rotation_policy;
            fields.extend(rotation.map(|word| ("rotationPolicy".to_owned(), json!(word.word()))));
            Value::Object(fields)
        });
        add("privateKey", key);
        add("revisionHistoryLimit", self.revision_history_limit.map(Value::from));
        let template = self.secret_template.as_ref().map(super::SecretTemplate::json);
        add("secretTemplate", template.filter(|template| *template != json!({})));
        spec
    }
}

impl Subject {
    fn spec(&self) -> Value {
        let mut fields = Map::new();
        for (name, values) in [
            ("organizations", &self.organizations),
            ("countries", &self.countries),
            ("organizationalUnits", &self.organizational_units),
            ("localities", &self.localities),
            ("provinces", &self.provinces),
            ("streetAddresses", &self.street_addresses),
            ("postalCodes", &self.postal_codes),
        ] {
            if !values.is_empty() {
                fields.insert(name.to_owned(), json!(values));
            }
        }
        let serial = self.serial_number.as_ref();
        fields.extend(serial.map(|number| ("serialNumber".to_owned(), json!(number))));
        Value::Object(fields)
    }
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> Option<Value> {
    let values: Vec<Value> = values.map(Value::from).collect();
    (!values.is_empty()).then_some(Value::Array(values))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Request;

    #[test]
    fn a_request_is_written_in_the_words_of_a_certificate() {
        let fields = json!({
            "commonName": "a.example", "subject": {"countries": ["RS"], "serialNumber": "7"},
            "ipAddresses": ["10.0.0.1"], "uris": ["spiffe://a/b"], "emailAddresses": ["a@example.org"],
            "duration": "2160h", "renewBeforePercentage": 25, "usages": ["server auth"],
            "privateKey": {"algorithm": "ECDSA", "size": 256, "encoding": "PKCS8", "rotationPolicy": "Always"},
            "revisionHistoryLimit": 1, "secretTemplate": {"annotations": {"a": "b"}},
        });
        let request: Request = serde_json::from_value(fields.clone()).unwrap();
        assert_eq!(serde_json::Value::Object(request.spec()), fields);
        assert!(Request::default().spec().is_empty());
    }
}
