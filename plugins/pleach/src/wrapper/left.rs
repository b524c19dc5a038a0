//! What must not be left in the output of a build: what is still encrypted, and routes that are not woven.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use krm::{Finding, Identity};
use serde_json::Value;

/// The middleware that stands where sign-in is due. Traefik builds no router for it.
const UNWOVEN: &str = "pleach-unwoven";

/// The start of a SOPS token, and of one in base64.
const TOKEN: [&str; 2] = ["ENC[AES256_GCM,", "RU5DW0FFUzI1Nl9HQ00s"];

/// Without one of these in its text a build leaves nothing.
const SIGNS: [&str; 4] = [TOKEN[0], TOKEN[1], "sops", UNWOVEN];

/// Refuses an output that leaves something.
pub(super) fn check(output: &[u8]) -> Result<(), Box<Finding>> {
    if !SIGNS.iter().any(|sign| holds(output, sign)) {
        return Ok(());
    }
    let documents = super::stage::documents(output)?;
    documents.iter().try_for_each(manifest)
}

/// Whether a text holds a word.
pub(super) fn holds(text: &[u8], word: &str) -> bool {
    memchr::memmem::find(text, word.as_bytes()).is_some()
}

fn manifest(manifest: &Value) -> Result<(), Box<Finding>> {
    let found = |id: &'static str, message: &str, field: String| {
        Finding::error(id, message).on(Identity::of(manifest)).field(field)
    };
    if is_sops_block(&manifest["sops"]) {
        return Err(Box::new(
            found("output-encrypted", "the output holds a resource that is still encrypted", "sops".to_owned())
                .hint("list its file in a SopsDecrypt config; or add a Pipeline to `resources:`, and it is decrypted where it stands"),
        ));
    }
    let mut path = String::new();
    let Some(left) = left(manifest, &mut path) else { return Ok(()) };
    let field = path.trim_start_matches('.').to_owned();
    Err(Box::new(match left {
        Left::Token => found(
            "output-encrypted",
            "the output holds a value that is still encrypted",
            field,
        )
        .hint(
            "decrypt its file by a SopsDecrypt config, not as a plain resource or generator input",
        ),
        Left::Unwoven => found("output-unwoven", "sign-in is due here and was not woven", field)
            .hint("list a ForwardAuth config, or a Pipeline that has one"),
    }))
}

enum Left {
    Token,
    Unwoven,
}

/// The first that is left; `path` then leads to it.
fn left(value: &Value, path: &mut String) -> Option<Left> {
    let here = path.len();
    let mut below = |key: String, child: &Value| {
        path.push_str(&key);
        let found = left(child, path);
        if found.is_none() {
            path.truncate(here);
        }
        found
    };
    match value {
        Value::String(text) => of_text(text),
        Value::Array(list) => {
            list.iter().enumerate().find_map(|(i, child)| below(format!("[{i}]"), child))
        }
        Value::Object(map) => map.iter().find_map(|(key, child)| {
            let plain = key.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
            below(if plain { format!(".{key}") } else { format!("[{key:?}]") }, child)
        }),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<Left> {
    let is_token = |text: &str| text.trim().starts_with(TOKEN[0]) && text.trim().ends_with(']');
    let wrapped = || {
        let raw = STANDARD.decode(text.trim()).ok()?;
        Some(is_token(std::str::from_utf8(&raw).ok()?))
    };
    if is_token(text) || (text.starts_with(TOKEN[1]) && wrapped() == Some(true)) {
        return Some(Left::Token);
    }
    // A middleware in an annotation's list, or by name.
    let mut names = text.split(',').map(str::trim);
    let unwoven = |name: &str| {
        name.strip_prefix(UNWOVEN).is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
    };
    names.any(unwoven).then_some(Left::Unwoven)
}

/// A block that sops wrote.
fn is_sops_block(block: &Value) -> bool {
    block.is_object() && ["mac", "lastmodified", "version"].iter().any(|key| !block[*key].is_null())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str]";

    fn said(output: &str) -> String {
        check(output.as_bytes()).err().map_or_else(String::new, |finding| finding.to_string())
    }

    #[test]
    fn a_token_is_found_where_it_stands_also_in_base64() {
        let secret = |value: &str| {
            format!(
                "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  a.b: \"{value}\"\n"
            )
        };
        insta::assert_snapshot!(said(&secret(TOKEN)), @r#"
        error: Secret s: data["a.b"]: the output holds a value that is still encrypted
        hint: decrypt its file by a SopsDecrypt config, not as a plain resource or generator input
        "#);
        assert!(said(&secret(&STANDARD.encode(TOKEN))).contains("still encrypted"));
        assert!(said(&secret(&STANDARD.encode(format!("{TOKEN}\n")))).contains("still encrypted"));
        // What is written about tokens is none.
        assert_eq!(said(&secret(&format!("see {TOKEN}"))), "");
        assert_eq!(said(&secret("c29wcw==")), "");
    }

    #[test]
    fn a_sops_block_is_found_also_in_a_list() {
        let item = "{apiVersion: v1, kind: Secret, metadata: {name: s}, sops: {mac: x}}";
        insta::assert_snapshot!(said(&format!("apiVersion: v1\nkind: List\nitems: [{item}]\n")), @r"
        error: Secret s: sops: the output holds a resource that is still encrypted
        hint: list its file in a SopsDecrypt config; or add a Pipeline to `resources:`, and it is decrypted where it stands
        ");
        assert_eq!(
            said("apiVersion: a/v1\nkind: B\nmetadata: {name: s}\nsops: {enabled: true}\n"),
            ""
        );
    }

    #[test]
    fn an_unwoven_route_is_found_in_an_annotation_and_by_name() {
        let key = "traefik.ingress.kubernetes.io/router.middlewares";
        let ingress = format!(
            "kind: Ingress\nmetadata: {{name: i, annotations: {{{key}: 'a-b@kubernetescrd, pleach-unwoven@kubernetescrd'}}}}\n"
        );
        insta::assert_snapshot!(said(&ingress), @r#"
        error: Ingress i: metadata.annotations["traefik.ingress.kubernetes.io/router.middlewares"]: sign-in is due here and was not woven
        hint: list a ForwardAuth config, or a Pipeline that has one
        "#);
        let route = "kind: IngressRoute\nmetadata: {name: r}\nspec: {routes: [{middlewares: [{name: pleach-unwoven}]}]}\n";
        assert!(said(route).contains("spec.routes[0].middlewares[0].name: "), "{}", said(route));
        assert_eq!(
            said("kind: ConfigMap\nmetadata: {name: c}\ndata: {a: about pleach-unwoven}\n"),
            ""
        );
    }

    #[test]
    fn an_output_that_cannot_be_read_does_not_pass() {
        assert!(said("a: [sops\n").contains("output"), "{}", said("a: [sops\n"));
        assert_eq!(said("a: [\n"), "");
    }
}
