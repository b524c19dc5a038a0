//! The applications that are asked for: fifty with one to ten Secrets each, and the same without.

use argocd::{RepoServer, encrypted};
use test_support::{Scratch, machine};

/// How many applications of each sort there are.
const APPS: usize = 50;

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: 'registry.example.org/web:1', ports: [{name: http, containerPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
";

/// What decrypts, and what does nothing: apiVersion and kind.
const DECRYPT: (&str, &str) = ("pleach.dev/v1alpha1", "SopsDecrypt");
const NOTHING: (&str, &str) = ("example.org/v1", "Nothing");

/// Folders of the repository.
pub(crate) struct Apps {
    /// A Deployment and a Service.
    pub(crate) plain: Vec<String>,
    /// The same, and one generator of one to ten Secrets.
    pub(crate) secrets: Vec<String>,
    /// The same, and ten generators of one Secret each.
    pub(crate) ten: Vec<String>,
    /// The same, and ten generators that are the program `true`: what kustomize itself charges.
    pub(crate) nothing: Vec<String>,
}

impl Apps {
    /// Commits them all.
    pub(crate) fn write(repo_server: &RepoServer) -> Self {
        let repository = repo_server.repository();
        let nothing = repo_server.folder().join("installed/plugins/example.org/v1/nothing");
        std::fs::create_dir_all(&nothing)
            .and_then(|()| std::fs::copy(machine("true"), nothing.join("Nothing")))
            .expect("a plugin that does nothing");
        let scratch = Scratch::new();
        let files: Vec<String> = (0..10)
            .map(|index| {
                let value = format!("not-a-real-password-{index}");
                encrypted(
                    &scratch,
                    &format!("secret-{index}"),
                    &[("password", &value), ("user", "web")],
                )
            })
            .collect();
        let names = |sort: &str, count: usize| {
            (0..count).map(|app| format!("{sort}-{app}")).collect::<Vec<_>>()
        };
        let apps = Self {
            plain: names("plain", APPS),
            secrets: names("secrets", APPS),
            ten: names("ten", 1),
            nothing: names("nothing", 1),
        };
        let all = [&apps.plain, &apps.secrets, &apps.ten, &apps.nothing];
        for path in all.into_iter().flatten() {
            repository.write(&format!("{path}/web.yaml"), DEPLOYMENT);
        }
        for path in &apps.plain {
            repository.write(&format!("{path}/kustomization.yaml"), "resources: [web.yaml]\n");
        }
        for (app, path) in apps.secrets.iter().enumerate() {
            let count = app % files.len() + 1;
            for (index, file) in files.iter().take(count).enumerate() {
                repository.write(&format!("{path}/secret-{index}.enc.yaml"), file);
            }
            let text = config(DECRYPT, "secrets", "secret-*.enc.yaml");
            repository.write(&format!("{path}/secrets.yaml"), text);
            let kustomization = "resources: [web.yaml]\ngenerators: [secrets.yaml]\n";
            repository.write(&format!("{path}/kustomization.yaml"), kustomization);
        }
        for (paths, kind) in [(&apps.ten, DECRYPT), (&apps.nothing, NOTHING)] {
            for path in paths {
                let mut generators = Vec::new();
                for (index, file) in files.iter().enumerate() {
                    let (name, encrypted) =
                        (format!("secrets-{index}"), format!("secret-{index}.enc.yaml"));
                    repository.write(&format!("{path}/{encrypted}"), file);
                    repository
                        .write(&format!("{path}/{name}.yaml"), config(kind, &name, &encrypted));
                    generators.push(format!("{name}.yaml"));
                }
                let generators = generators.join(", ");
                let kustomization = format!("resources: [web.yaml]\ngenerators: [{generators}]\n");
                repository.write(&format!("{path}/kustomization.yaml"), kustomization);
            }
        }
        repository.push("applications");
        apps
    }
}

fn config(kind: (&str, &str), name: &str, files: &str) -> String {
    let (api_version, kind) = kind;
    let head = format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}}}\n");
    head + &format!("spec: {{files: ['{files}']}}\n")
}
