//! Encrypted manifests that stand in a stream: parsed by somebody else, their keys sorted, a
//! namespace added; and the check that still can be made.

use serde_json::{Map, Value, json};
use sops::{Error, Format, MacCheck, Sealed};

use crate::keys::KeyColumn;
use crate::made;

const ONLY: &[&str] = &["encrypted_regex", "^data$", "mac_only_encrypted"];
const ALL: &[&str] = &["encrypted_regex", "^data$"];

/// A Secret as sops encrypts it, as a value, and who can open it.
fn secret(rule: &[&str], data: &str) -> (Value, (test_support::Scratch, KeyColumn)) {
    let (scratch, column) = made::age();
    let plain = format!("kind: Secret\nmetadata:\n    name: app\ndata:\n{data}");
    let plain = scratch.write("plain.yaml", plain);
    let encrypted = made::encrypt(&scratch, &column, rule, &plain);
    let value = yaml::values(&encrypted).expect("YAML").remove(0);
    (value, (scratch, column))
}

fn check(value: &Value, column: &KeyColumn) -> Result<(Value, MacCheck), Error> {
    let (plain, check) = Sealed::from_value(value)?.open_rewritten(&column.keyring())?;
    Ok((plain.values()?.remove(0), check))
}

fn reversed(value: &Value) -> Value {
    let Value::Object(map) = value else { return value.clone() };
    Value::Object(
        map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect::<Map<_, _>>(),
    )
}

#[test]
fn a_manifest_that_only_encrypted_values_vouch_for_may_get_a_namespace() {
    let (mut value, (_scratch, column)) = secret(ONLY, "    b: x\n    a: y\n    n: 5\n");
    value["metadata"]["namespace"] = json!("prod");
    let (plain, check) = check(&value, &column).expect("it opens");
    assert_eq!(check, MacCheck::Holds);
    let expected = json!({"kind": "Secret", "metadata": {"name": "app", "namespace": "prod"}, "data": {"b": "x", "a": "y", "n": 5}});
    assert_eq!(plain, expected);
}

#[test]
fn keys_in_another_order_are_tried_sorted() {
    let (value, (_scratch, column)) = secret(ONLY, "    a: x\n    b: y\n");
    assert_eq!(check(&reversed(&value), &column).expect("it opens").1, MacCheck::HoldsSorted);
    let (value, (_scratch, column)) = secret(ONLY, "    b: x\n    a: y\n    c: z\n");
    assert_eq!(check(&reversed(&value), &column).expect("it opens").1, MacCheck::Mismatch);
}

#[test]
fn without_mac_only_encrypted_a_rewritten_manifest_cannot_be_checked() {
    let (mut value, (_scratch, column)) = secret(ALL, "    a: x\n");
    assert_eq!(check(&value, &column).expect("it opens").1, MacCheck::Holds);
    value["metadata"]["namespace"] = json!("prod");
    assert_eq!(check(&value, &column).expect("it opens").1, MacCheck::NotCheckable);
    let error =
        Sealed::from_value(&value).expect("sops").open(&column.keyring()).err().expect("refused");
    assert!(matches!(error, Error::MacMismatch(_)), "{error}");
}

#[test]
fn a_value_from_elsewhere_or_a_mac_that_was_edited_is_refused_in_any_order() {
    let (mut value, (_scratch, column)) = secret(ONLY, "    a: x\n    b: y\n");
    let other = value["data"]["b"].clone();
    value["data"]["a"] = other;
    assert!(matches!(check(&value, &column), Err(Error::NotAuthentic { .. })));
    let (mut value, (_scratch, column)) = secret(ONLY, "    a: x\n");
    value["sops"]["lastmodified"] = json!("2001-02-03T04:05:06Z");
    assert!(matches!(check(&value, &column), Err(Error::MacNotAuthentic(_))));
    value["sops"]["mac"] = json!("");
    assert!(matches!(check(&value, &column), Err(Error::MacMissing)));
}

#[test]
fn a_stream_without_a_sops_block_is_told_apart() {
    let error = Sealed::from_value(&json!({"kind": "Secret"})).err().expect("refused");
    assert!(matches!(error, Error::NotEncrypted), "{error}");
    let error = Sealed::from_value(&json!([1])).err().expect("refused");
    assert!(matches!(error, Error::Syntax(_)), "{error}");
}

#[test]
fn bytes_as_the_type_is_read_as_a_string_where_sops_panics() {
    let (scratch, column) = made::age();
    let plain = scratch.write("plain.yaml", "a: hi\n");
    let text = String::from_utf8(made::encrypt(&scratch, &column, &[], &plain)).expect("UTF-8");
    let edited = text.replacen("type:str", "type:bytes", 1);
    let sealed = Sealed::parse(edited.as_bytes(), Format::Yaml).expect("sops");
    let plain = sealed.open(&column.keyring()).expect("it opens");
    assert_eq!(plain.to_bytes().as_slice(), b"a: hi\n");
}
