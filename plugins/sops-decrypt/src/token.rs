//! Values that are still encrypted: a whole SOPS token where plain text should stand.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use krm::{Finding, Identity};
use serde_json::Value;

/// Whether `value` is a SOPS token as a whole; words about one are not.
pub(crate) fn is_token(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value.starts_with(b"ENC[AES256_GCM,data:")
        && value.ends_with(b"]")
        && !value.contains(&b'\n')
        && [",iv:", ",tag:", ",type:"]
            .iter()
            .all(|part| value.windows(part.len()).any(|window| window == part.as_bytes()))
}

/// Refuses an object that holds a token under `data` or `stringData`, also one that is wrapped in base64.
pub(crate) fn none_left(object: &Value, file: &str) -> Result<(), Box<Finding>> {
    for part in ["data", "stringData"] {
        for (key, value) in object.get(part).and_then(Value::as_object).into_iter().flatten() {
            let Some(text) = value.as_str() else { continue };
            if is_token(text.as_bytes()) || STANDARD.decode(text).is_ok_and(|raw| is_token(&raw)) {
                return Err(left(file, &format!("{part}.{key}"), Some(Identity::of(object))));
            }
        }
    }
    Ok(())
}

/// The refusal: the value of `field` is still encrypted after decryption.
pub(crate) fn left(file: &str, field: &str, on: Option<Identity>) -> Box<Finding> {
    let mut finding =
        Finding::error("sops-token-left", "the value is still encrypted after decryption")
            .file(file)
            .field(field)
            .hint("it was encrypted twice, or pasted from another file: put the plain value in and encrypt again");
    finding.resource = on;
    Box::new(finding)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_token, none_left};

    const TOKEN: &str = "ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str]";

    #[test]
    fn a_whole_token_is_found_also_in_base64() {
        let wrapped = "RU5DW0FFUzI1Nl9HQ00sZGF0YTpBQUFBLGl2OkJCQkIsdGFnOkNDQ0MsdHlwZTpzdHJd";
        for object in [
            json!({"stringData": {"a": TOKEN}}),
            json!({"stringData": {"a": format!("{TOKEN}\n")}}),
            json!({"data": {"a": TOKEN}}),
            json!({"data": {"a": wrapped}}),
        ] {
            let finding = none_left(&object, "a.yaml").unwrap_err();
            assert_eq!(finding.id, "sops-token-left");
        }
    }

    #[test]
    fn words_about_tokens_are_no_tokens() {
        for text in [
            "values look like ENC[AES256_GCM,data:...]",
            "ENC[",
            "ENC[AES256_GCM,...]",
            "see ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str]",
            "ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str] is one",
            "ENC[AES256_GCM,data:AAAA]",
        ] {
            assert!(!is_token(text.as_bytes()), "{text}");
            assert!(none_left(&json!({"stringData": {"a": text}}), "a.yaml").is_ok());
        }
        let annotation = json!({"metadata": {"annotations": {"description": TOKEN}}});
        assert!(none_left(&annotation, "a.yaml").is_ok());
    }
}
