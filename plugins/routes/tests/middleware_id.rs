//! Ids of middlewares: as Traefik makes them, as references resolve, and how they are misspelt.

use std::io::Write as _;
use std::process::{Command, Stdio};

use routes::middleware_id::{MiddlewareId, Misspelling, collide, diagnose, normalize};

const KNOWN: &[(&str, &str)] = &[("auth", "sign-in"), ("auth", "auth.v1"), ("media", "limit")];

#[test]
fn names_are_normalised_as_traefik_does() {
    let names = [
        "ns-auth",
        "ns-auth.v1",
        "a..b",
        "-a-",
        "a_b",
        "a/b",
        "é",
        "a٣b",
        "Ⅷ",
        "日本",
        "a\u{301}b",
        "Ⓐ",
        "",
        "...",
        "a--b",
        "a@b",
        "नि",
        "ª",
        "½",
        "a\u{200d}b",
    ];
    let asked: Vec<_> = names.iter().filter(|name| !name.is_empty()).collect();
    let oracle = test_support::tool("traefik-oracle", "traefik-oracle");
    let mut child =
        Command::new(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for name in &asked {
        writeln!(stdin, "{}", serde_json::json!({ "normalize": name })).unwrap();
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let answers: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), asked.len());
    for (name, answer) in asked.iter().zip(&answers) {
        assert_eq!(normalize(name), answer["normalized"].as_str().unwrap_or_default(), "{name:?}");
    }
    eprintln!("oracle: {} names normalised", asked.len());
    assert_eq!(normalize(""), "");
}

#[test]
fn a_name_with_a_dot_has_a_dash_in_its_id() {
    assert_eq!(MiddlewareId::of("auth", "auth.v1").to_string(), "auth-auth-v1@kubernetescrd");
}

#[test]
fn an_extension_ref_is_not_normalised_and_never_found() {
    let asked = MiddlewareId::of_extension_ref(Some("auth"), "auth.v1").unwrap();
    assert_eq!(asked.to_string(), "auth-auth.v1@kubernetescrd");
    assert_ne!(asked, MiddlewareId::of("auth", "auth.v1"));
    assert_eq!(
        MiddlewareId::of_extension_ref(Some("auth"), "sign-in").unwrap(),
        MiddlewareId::of("auth", "sign-in")
    );
    assert_eq!(MiddlewareId::of_extension_ref(None, "sign-in"), None);
}

#[test]
fn an_annotation_is_a_list_with_blanks_around_its_items() {
    let ids = MiddlewareId::of_annotation(" auth-sign-in@kubernetescrd ,compress@file,\tauth-x , ");
    let texts: Vec<_> = ids.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["auth-sign-in@kubernetescrd", "compress@file", "auth-x@kubernetes", "@kubernetes"]
    );
    assert!(MiddlewareId::of_annotation("").is_empty());
}

#[test]
fn an_annotation_is_taken_letter_by_letter() {
    let ids = MiddlewareId::of_annotation("auth-auth.v1@kubernetescrd,Auth-sign-in@kubernetescrd");
    assert!(ids.iter().all(|id| *id != MiddlewareId::of("auth", "auth.v1")));
    assert!(ids.iter().all(|id| *id != MiddlewareId::of("auth", "sign-in")));
}

#[test]
fn a_reference_resolves_from_the_namespace_that_it_names_or_stands_in() {
    let id = |namespace, name| MiddlewareId::of_reference(namespace, name).map(|id| id.to_string());
    assert_eq!(id(Some("media"), "limit").unwrap(), "media-limit@kubernetescrd");
    assert_eq!(
        id(Some("media"), "auth-sign-in@kubernetescrd").unwrap(),
        "auth-sign-in@kubernetescrd"
    );
    assert_eq!(id(None, "compress@file").unwrap(), "compress@file");
    assert_eq!(id(None, "limit"), None);
}

#[test]
fn two_ids_are_the_same_letter_by_letter() {
    let written = MiddlewareId::parse("auth-sign-in@kubernetescrd").unwrap();
    assert_eq!(written, MiddlewareId::of("auth", "sign-in"));
    assert_ne!(written, MiddlewareId::parse("auth-sign-in@file").unwrap());
    assert_eq!(MiddlewareId::parse("auth-sign-in"), None);
    // What stands behind the first `@` is the provider, and no provider has that name.
    assert_eq!(MiddlewareId::parse("a@file@x").unwrap().provider, "file@x");
}

#[test]
fn two_objects_may_collide_in_one_id() {
    assert!(collide(("a-b", "c"), ("a", "b-c")));
    assert!(collide(("a", "b.c"), ("a", "b-c")));
    assert!(!collide(("a", "b"), ("a", "b")));
    assert!(!collide(("a", "b"), ("a", "c")));
}

#[test]
fn misspellings_are_told_with_what_was_meant() {
    let mut all = String::new();
    for written in [
        "",
        "auth-sign-in",
        "sign-in",
        "other",
        "auth-sign-in@kubernetes-crd",
        "auth-sign-in@kubernetesCRD",
        "auth-sign-in@crd",
        "sign-in@kubernetes_crd",
        "compress@files",
        "x@y",
        "sign-in-auth@kubernetescrd",
        "sign-in@kubernetescrd",
        "auth-auth.v1@kubernetescrd",
        "auth/sign-in@kubernetescrd",
        "auth/new@kubernetescrd",
    ] {
        let found = diagnose(written, KNOWN).unwrap();
        let text = format!("{written}\n  error: {found}\n  hint: {}\n", found.hint());
        all.push_str(&text);
    }
    insta::assert_snapshot!(all, @r#"

      error: an item of the list is empty
      hint: remove the comma
    auth-sign-in
      error: `auth-sign-in` names no provider
      hint: write `auth-sign-in@kubernetescrd`
    sign-in
      error: `sign-in` names no provider
      hint: write `auth-sign-in@kubernetescrd`
    other
      error: `other` names no provider
      hint: write `other@kubernetescrd`
    auth-sign-in@kubernetes-crd
      error: `kubernetes-crd` is no provider of Traefik
      hint: write `auth-sign-in@kubernetescrd`
    auth-sign-in@kubernetesCRD
      error: `kubernetesCRD` is no provider of Traefik
      hint: write `auth-sign-in@kubernetescrd`
    auth-sign-in@crd
      error: `crd` is no provider of Traefik
      hint: write `auth-sign-in@kubernetescrd`
    sign-in@kubernetes_crd
      error: `kubernetes_crd` is no provider of Traefik
      hint: write `auth-sign-in@kubernetescrd`
    compress@files
      error: `files` is no provider of Traefik
      hint: write `compress@file`
    x@y
      error: `y` is no provider of Traefik
      hint: write `namespace-name@kubernetescrd`
    sign-in-auth@kubernetescrd
      error: `sign-in-auth@kubernetescrd` has the name in front of the namespace
      hint: write `auth-sign-in@kubernetescrd`
    sign-in@kubernetescrd
      error: `sign-in@kubernetescrd` lacks the namespace
      hint: write `auth-sign-in@kubernetescrd`
    auth-auth.v1@kubernetescrd
      error: `auth-auth.v1@kubernetescrd` is not the id that Traefik makes of it
      hint: write `auth-auth-v1@kubernetescrd`
    auth/sign-in@kubernetescrd
      error: `auth/sign-in@kubernetescrd` is not the id that Traefik makes of it
      hint: write `auth-sign-in@kubernetescrd`
    auth/new@kubernetescrd
      error: `auth/new@kubernetescrd` is not the id that Traefik makes of it
      hint: write `auth-new@kubernetescrd`
    "#);
}

#[test]
fn what_is_right_or_merely_elsewhere_is_no_misspelling() {
    for written in [
        "auth-sign-in@kubernetescrd",
        " auth-auth-v1@kubernetescrd ",
        "compress@file",
        "elsewhere-x@kubernetescrd",
        "a@plugin-x",
        "a@docker",
    ] {
        assert_eq!(diagnose(written, KNOWN), None, "{written}");
    }
}

#[test]
fn a_right_id_wins_over_one_that_reads_swapped() {
    let known = [("a", "b"), ("b", "a")];
    assert_eq!(diagnose("a-b@kubernetescrd", &known), None);
    assert!(matches!(
        diagnose("b-a@kubernetescrd", &known[..1]),
        Some(Misspelling::Swapped { .. })
    ));
}
