//! `argocd/`: its components built by the real kustomize over a skeleton of Argo CD, and what they say run for real.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod documentation;
mod install;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use test_support::{Scratch, kustomize};

use crate::build::{assert_golden, built, copy, root};

/// Every set of components that the documentation offers.
const SETS: &[(&str, &[&str])] = &[
    ("repo-server", &["repo-server"]),
    ("gnupg", &["repo-server", "gnupg"]),
    ("wrapper-and-policy", &["repo-server", "wrapper", "policy"]),
    ("everything", &["repo-server", "gnupg", "wrapper", "policy"]),
    ("cmp", &["cmp"]),
    ("cmp-and-policy", &["cmp", "policy"]),
];

/// An operator's overlay over the skeleton.
fn overlay(components: &[&str], more: &str) -> (Scratch, PathBuf) {
    let scratch = Scratch::new();
    copy(&root().join("argocd"), &scratch.join("argocd"));
    copy(&root().join("tests/operator/argocd"), &scratch.join("upstream"));
    let list: Vec<String> = components.iter().map(|one| format!("- ../argocd/{one}\n")).collect();
    let list = list.concat();
    let text = format!("resources: [../upstream]\ncomponents:\n{list}{more}");
    scratch.write("overlay/kustomization.yaml", text);
    let folder = scratch.join("overlay");
    (scratch, folder)
}

fn build(components: &[&str], more: &str) -> String {
    let (scratch, folder) = overlay(components, more);
    built(&scratch.command(kustomize()).arg("build").arg(folder).output().unwrap())
}

fn objects(components: &[&str]) -> Vec<Value> {
    yaml::values(build(components, "").as_bytes()).unwrap()
}

/// The pod of the repo-server.
fn pod(components: &[&str]) -> Value {
    let deployment = objects(components).into_iter().find(|object| object["kind"] == "Deployment");
    deployment.unwrap()["spec"]["template"]["spec"].take()
}

fn named<'v>(list: &'v Value, name: &str) -> &'v Value {
    let all = list.as_array().unwrap();
    all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name} in {list:#}"))
}

/// The containers of a pod, those that run first at the start.
fn containers(pod: &Value) -> Vec<&Value> {
    let lists = ["initContainers", "containers"].map(|list| pod[list].as_array().unwrap());
    lists.into_iter().flatten().collect()
}

#[test]
fn the_components_build_as_committed() {
    for (name, components) in SETS {
        assert_golden(&format!("tests/operator/{name}.yaml"), &build(components, ""));
    }
}

#[test]
fn every_container_passes_pod_security_restricted_with_a_read_only_root() {
    for (name, components) in SETS {
        for container in containers(&pod(components)) {
            let security = &container["securityContext"];
            let what = format!("{name}: {}", container["name"]);
            assert_eq!(security["runAsNonRoot"], true, "{what}");
            assert_eq!(security["readOnlyRootFilesystem"], true, "{what}");
            assert_eq!(security["allowPrivilegeEscalation"], false, "{what}");
            assert_eq!(security["capabilities"], json!({"drop": ["ALL"]}), "{what}");
            assert_eq!(security["seccompProfile"]["type"], "RuntimeDefault", "{what}");
            let privileged = &security["privileged"];
            assert!(privileged.is_null() || privileged == false, "{what}");
        }
        for volume in pod(components)["volumes"].as_array().unwrap() {
            let kinds: Vec<&String> =
                volume.as_object().unwrap().keys().filter(|key| *key != "name").collect();
            let allowed = ["configMap", "emptyDir", "secret", "projected"];
            assert!(kinds.iter().all(|kind| allowed.contains(&kind.as_str())), "{name}: {volume}");
        }
    }
}

#[test]
fn nothing_lets_a_commit_name_a_program() {
    for (name, components) in SETS {
        let text = build(components, "");
        assert!(!text.contains("enable-exec"), "{name}");
    }
    let settings =
        objects(&["repo-server"]).into_iter().find(|one| one["metadata"]["name"] == "argocd-cm");
    assert_eq!(settings.unwrap()["data"]["kustomize.buildOptions"], "--enable-alpha-plugins");
}

#[test]
fn the_doctor_comes_last_and_sees_what_the_repo_server_will_see() {
    for (name, components) in SETS {
        let pod = pod(components);
        let order: Vec<&str> = pod["initContainers"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        let at = |name: &str| order.iter().position(|one| one == &name);
        let cmp = components.contains(&"cmp");
        let (install, doctor, server) = if cmp {
            ("pleach-cmp-install", "pleach-cmp-doctor", "pleach")
        } else {
            ("pleach-install", "pleach-doctor", "argocd-repo-server")
        };
        assert!(at(install) < at(doctor), "{name}: {order:?}");
        assert!(at("pleach-gnupg") < at(doctor), "{name}: {order:?}");
        let (doctor, server) =
            (named(&pod["initContainers"], doctor), named(&pod["containers"], server));
        assert_eq!(doctor["image"], server["image"], "{name}");
        // Whatever of ours the repo-server gets, variables and folders, the doctor gets.
        for part in ["env", "volumeMounts"] {
            let ours = |one: &&Value| {
                let text = one.to_string();
                let of_the_server = one["mountPath"] == "/tmp"
                    || text.contains("/argocd")
                    || text.contains("REDIS");
                !of_the_server && one["name"] != "PATH"
            };
            for one in server[part].as_array().unwrap().iter().filter(ours) {
                assert!(
                    doctor[part].as_array().unwrap().contains(one),
                    "{name}: the doctor lacks {one}"
                );
            }
        }
    }
}

#[test]
fn images_of_the_overlay_reach_the_doctor_as_well() {
    let more = "images:\n- {name: quay.io/argoproj/argocd, newTag: v3.6.0}\n- {name: pleach, newName: registry.example.com/pleach, newTag: 1.0.0}\n";
    for (name, components) in SETS {
        let text = build(components, more);
        assert!(!text.contains("v3.5.7") && !text.contains("image: pleach:"), "{name}: {text}");
        assert!(text.contains("image: registry.example.com/pleach:1.0.0"), "{name}");
    }
}

#[test]
fn what_upstream_mounts_stays() {
    for (name, components) in SETS {
        let pod = pod(components);
        let server = named(&pod["containers"], "argocd-repo-server");
        assert!(
            server["volumeMounts"].to_string().contains("/home/argocd/cmp-server/plugins"),
            "{name}"
        );
        assert!(server["env"].to_string().contains("REDIS_PASSWORD"), "{name}");
        named(&pod["initContainers"], "copyutil");
    }
}

#[test]
fn the_sidecar_alone_holds_the_keys_of_the_plugin() {
    let pod = pod(&["cmp"]);
    let server = named(&pod["containers"], "argocd-repo-server").to_string();
    assert!(!server.contains("/keys") && !server.contains("KEY"), "{server}");
    let sidecar = named(&pod["containers"], "pleach");
    assert_eq!(
        sidecar["command"],
        json!(["/usr/bin/tini", "--", "/var/run/argocd/argocd-cmp-server"])
    );
    assert!(!sidecar["env"].to_string().contains("REDIS"), "{sidecar}");
    let plugin = fs::read(root().join("argocd/cmp/plugin.yaml")).unwrap();
    let plugin = yaml::values(&plugin).unwrap().remove(0);
    assert!(plugin["spec"]["discover"].is_null(), "it would be asked for every application");
}

#[test]
fn the_helm_values_are_the_component() {
    let values = fs::read(root().join("argocd/helm/values.yaml")).unwrap();
    let values = yaml::values(&values).unwrap().remove(0);
    let objects = objects(&["repo-server"]);
    let data = |name: &str| {
        objects.iter().find(|one| one["metadata"]["name"] == name).unwrap()["data"].clone()
    };
    assert_eq!(values["configs"]["cm"], data("argocd-cm"));
    assert_eq!(values["configs"]["params"], data("argocd-cmd-params-cm"));
    let redis = objects.iter().find(|one| one["kind"] == "NetworkPolicy").unwrap();
    assert_eq!(&values["extraObjects"][0], redis);
    let (pod, repo) = (pod(&["repo-server"]), &values["repoServer"]);
    let server = named(&pod["containers"], "argocd-repo-server");
    assert_eq!(repo["resources"], server["resources"]);
    for container in ["pleach-install", "pleach-doctor"] {
        assert_eq!(
            named(&repo["initContainers"], container),
            named(&pod["initContainers"], container)
        );
    }
    for (of, list) in [(server, "env"), (server, "volumeMounts"), (&pod, "volumes")] {
        for one in repo[list].as_array().unwrap() {
            assert!(of[list].as_array().unwrap().contains(one), "{list}: {one}");
        }
        let ours =
            of[list].as_array().unwrap().iter().filter(|one| one.to_string().contains("leach"));
        assert_eq!(
            ours.count(),
            repo[list]
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| one.to_string().contains("leach"))
                .count(),
            "{list}"
        );
    }
}
