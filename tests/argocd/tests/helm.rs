//! The values of `argocd/helm` in the real argo-cd chart, rendered by the real helm and laid before a real API server: they
//! come to what the component `argocd/repo-server` comes to. The chart is not in this tree: `make test-helm CHART=FOLDER`.
#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use argocd::root;
use cluster::ControlPlane;
use serde_json::Value;
use test_support::{Scratch, tool};

/// Maps of the chart whose keys are not its own: they go into ConfigMaps of Argo CD as they are.
const FREE: [&str; 2] = ["configs.cm", "configs.params"];

fn read(file: &Path) -> Vec<Value> {
    let text = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    yaml::values(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The folder of the chart that `CHART` names.
fn chart() -> PathBuf {
    let named = std::env::var_os("CHART").expect("make test-helm CHART=FOLDER sets it");
    root().join(named)
}

fn values() -> PathBuf {
    root().join("argocd/helm/values.yaml")
}

/// Every key of `ours` that the chart has a value for, and that it does not know.
fn unknown(ours: &Value, chart: &Value, path: &str, seen: &mut usize, found: &mut Vec<String>) {
    let (Some(ours), Some(known)) = (ours.as_object(), chart.as_object()) else { return };
    if known.is_empty() || FREE.contains(&path) {
        return;
    }
    for (key, value) in ours {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        *seen += 1;
        match known.get(key) {
            Some(known) => unknown(value, known, &path, seen, found),
            None => found.push(path),
        }
    }
}

#[test]
#[ignore = "needs the argo-cd chart: make test-helm CHART=FOLDER"]
fn every_key_of_the_values_is_one_of_the_chart() {
    let (ours, chart) = (read(&values()), read(&chart().join("values.yaml")));
    let (mut seen, mut found) = (0, Vec::new());
    unknown(&ours[0], &chart[0], "", &mut seen, &mut found);
    println!("helm: {seen} keys of the values looked up in the chart");
    assert_eq!(found, Vec::<String>::new());
    assert!(seen >= 10, "{seen}");
    // The search finds what is misspelt.
    let mut misspelt = ours[0].clone();
    misspelt["repoServer"]["initContainer"] = Value::Null;
    unknown(&misspelt, &chart[0], "", &mut seen, &mut found);
    assert_eq!(found, ["repoServer.initContainer"]);
}

/// What helm makes of the chart with our values.
fn rendered() -> String {
    let scratch = Scratch::new();
    let folder = scratch.dir("chart");
    copy(&chart(), &folder);
    // helm refuses a chart whose dependencies are not beside it. The one that there is, redis-ha, is off.
    let text = fs::read_to_string(folder.join("Chart.yaml")).expect("Chart.yaml");
    let (before, after) = text.split_once("\ndependencies:\n").expect("the dependencies");
    let rest = after.lines().skip_while(|line| line.starts_with([' ', '-']));
    let rest: Vec<&str> = rest.collect();
    scratch.write("chart/Chart.yaml", format!("{before}\n{}\n", rest.join("\n")));
    let mut helm = scratch.command(tool("helm", "helm"));
    helm.args(["template", "argocd"]).arg(&folder).args(["--namespace", "argocd"]);
    helm.args(["--kube-version", "1.36.3", "--include-crds", "--values"]).arg(values());
    let output = helm.stdin(Stdio::null()).output().expect("helm");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the chart").flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a copy");
        }
    }
}

/// The one object of a kind whose name ends so.
fn one<'a>(all: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let named = |one: &&Value| {
        let found = one["metadata"]["name"].as_str().unwrap_or_default();
        one["kind"] == kind && found.ends_with(name)
    };
    let found: Vec<&Value> = all.iter().filter(named).collect();
    assert_eq!(found.len(), 1, "{kind} {name}");
    found[0]
}

/// The entry of a list that has this name.
fn entry<'a>(list: &'a Value, name: &Value) -> &'a Value {
    let entries = list.as_array().into_iter().flatten();
    let key = |entry: &&Value| &entry["name"] == name;
    entries.clone().find(key).unwrap_or_else(|| panic!("no {name}"))
}

/// That `list` holds each entry of `wanted` as it is.
fn holds(list: &Value, wanted: &Value) {
    for wanted in wanted.as_array().expect("a list") {
        assert!(list.as_array().is_some_and(|list| list.contains(wanted)), "{wanted} in {list}");
    }
}

#[test]
#[ignore = "needs the argo-cd chart: make test-helm CHART=FOLDER"]
fn the_chart_with_the_values_comes_to_what_the_component_comes_to() {
    let all = yaml::values(rendered().as_bytes()).expect("YAML");
    let all: Vec<Value> = all.into_iter().filter(|one| !one.is_null()).collect();
    let component = root().join("argocd/repo-server");
    let wanted = &read(&component.join("deployment.yaml"))[0]["spec"]["template"]["spec"];
    let pod = &one(&all, "Deployment", "-repo-server")["spec"]["template"]["spec"];
    holds(&pod["volumes"], &wanted["volumes"]);
    for name in ["pleach-install", "pleach-doctor"].map(Value::from) {
        let (mut ours, mut theirs) = (
            entry(&wanted["initContainers"], &name).clone(),
            entry(&pod["initContainers"], &name).clone(),
        );
        // The component takes the doctor's image from the install, the values name it.
        for container in
            [&mut ours, &mut theirs].into_iter().filter(|one| one["name"] == "pleach-doctor")
        {
            container["image"] = Value::Null;
        }
        assert_eq!(ours, theirs, "{name}");
    }
    let ours = &wanted["containers"][0];
    let server = &pod["containers"][0];
    holds(&server["env"], &ours["env"]);
    holds(&server["volumeMounts"], &ours["volumeMounts"]);
    assert_eq!(server["resources"], ours["resources"]);
    for (file, name) in
        [("settings.yaml", "argocd-cm"), ("parameters.yaml", "argocd-cmd-params-cm")]
    {
        let wanted = &read(&component.join(file))[0]["data"];
        let data = &one(&all, "ConfigMap", name)["data"];
        for (key, value) in wanted.as_object().expect("settings") {
            assert_eq!(&data[key], value, "{name}: {key}");
        }
    }
    let ours = &read(&component.join("redis.yaml"))[0];
    let policy = one(&all, "NetworkPolicy", "pleach-redis");
    assert_eq!(policy["spec"], ours["spec"]);
    assert_eq!(selected(&all, &policy["spec"]["podSelector"]), ["argocd-redis"]);
    let from = policy["spec"]["ingress"][0]["from"].as_array().expect("who reaches it");
    let readers: Vec<String> =
        from.iter().flat_map(|one| selected(&all, &one["podSelector"])).collect();
    assert_eq!(readers, ["argocd-server", "argocd-repo-server", "argocd-application-controller"]);
}

/// The names of the workloads whose pods a selector selects.
fn selected(all: &[Value], selector: &Value) -> Vec<String> {
    let wanted = selector["matchLabels"].as_object().expect("labels");
    let pods = all.iter().filter(|one| {
        let labels = &one["spec"]["template"]["metadata"]["labels"];
        labels.is_object() && wanted.iter().all(|(key, value)| &labels[key] == value)
    });
    pods.filter_map(|pod| pod["metadata"]["name"].as_str().map(str::to_owned)).collect()
}

#[test]
#[ignore = "needs the argo-cd chart: make test-helm CHART=FOLDER"]
fn the_api_server_accepts_the_chart_with_the_values() {
    let plane = ControlPlane::shared();
    plane.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd}\n");
    let answer = plane.dry_run(&rendered()).unwrap_or_else(|said| panic!("{said}"));
    let objects = answer.lines().count();
    println!("helm: {objects} objects accepted");
    assert!(objects > 40, "{answer}");
}
