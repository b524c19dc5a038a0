//! The form of a value that sops encrypted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Whether `text` is one whole `ENC[AES256_GCM,...]` token and nothing else (sops 3.13.3, `aes/cipher.go`).
///
/// Stricter than sops' reader, which ignores what stands behind the closing bracket: a secret may stand there.
pub(crate) fn is_token(text: &str) -> bool {
    let Some(inner) = text.strip_prefix("ENC[AES256_GCM,").and_then(|rest| rest.strip_suffix(']'))
    else {
        return false;
    };
    let parts: Vec<&str> = inner.split(',').collect();
    let [data, iv, tag, kind] = parts.as_slice() else { return false };
    let bytes = |part: &str, name: &str| {
        part.strip_prefix(name).and_then(|text| STANDARD.decode(text).ok())
    };
    let known = ["str", "int", "float", "bool", "bytes", "time", "comment"];
    bytes(data, "data:").is_some_and(|data| !data.is_empty())
        && bytes(iv, "iv:").is_some_and(|iv| !iv.is_empty())
        && bytes(tag, "tag:").is_some_and(|tag| tag.len() == 16)
        && kind.strip_prefix("type:").is_some_and(|kind| known.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::is_token;

    const TOKEN: &str =
        "ENC[AES256_GCM,data:Zm9v,iv:3q2+7w==,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]";

    #[test]
    fn a_token_is_whole() {
        assert!(is_token(TOKEN));
        for fake in [
            String::new(),
            "ENC[AES256_GCM,data:hunter2!,iv:3q2+7w==,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]"
                .to_owned(),
            "ENC[hunter2]".to_owned(),
            format!("{TOKEN} hunter2"),
            format!("hunter2 {TOKEN}"),
            format!("{TOKEN}\nhunter2"),
            TOKEN.replace("data:Zm9v", "data:"),
            TOKEN.replace("tag:AAAAAAAAAAAAAAAAAAAAAA==", "tag:AAAA"),
            TOKEN.replace("type:str", "type:hunter2"),
        ] {
            assert!(!is_token(&fake), "{fake}");
        }
    }
}
