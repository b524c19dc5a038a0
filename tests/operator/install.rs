//! The commands of the pods, run on this machine: install, doctor, the import of a PGP key, the sidecar's generate.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::*;
use crate::build::{PLEACH, said};

/// The paths of a container, below a scratch folder.
struct Machine(Scratch);

impl Machine {
    /// With what an operator creates: a Secret of keys, as files.
    fn new(key: &str, at: &str) -> Self {
        let machine = Self(Scratch::new());
        fs::copy(root().join("tests/keys").join(key), machine.0.write(at, "")).unwrap();
        machine
    }

    fn here(&self, text: &str) -> String {
        let below = self.0.path().display();
        let mut text = text.to_owned();
        for top in ["/pleach-gnupg", "/pleach/", "/keys"] {
            text = text.replace(top, &format!("{below}{top}"));
        }
        if text == "/pleach" { format!("{below}/pleach") } else { text }
    }

    /// Runs a container's command, `entry` for one that has none, with its variables.
    fn run(&self, container: &Value, entry: &Path, folder: &Path) -> Output {
        let words = |list: &Value| -> Vec<String> {
            let words = list.as_array().into_iter().flatten();
            words.map(|word| self.here(word.as_str().unwrap())).collect()
        };
        let mut line = words(&container["command"]);
        if line.is_empty() {
            line.push(entry.display().to_string());
        }
        line.extend(words(&container["args"]));
        self.command(&line, &container["env"], folder).output().unwrap()
    }

    fn command(&self, line: &[String], env: &Value, folder: &Path) -> Command {
        let mut command = self.0.command(&line[0]);
        let real = kustomize().parent().unwrap().to_owned();
        command.args(&line[1..]).current_dir(folder).stdin(Stdio::null());
        // The image's own programs are this machine's, its kustomize is the pinned one.
        let own = format!("{}:/usr/bin:/bin", real.display());
        command.env("PATH", &own);
        for variable in env.as_array().into_iter().flatten() {
            if let (Some(name), Some(value)) =
                (variable["name"].as_str(), variable["value"].as_str())
            {
                let value = self.here(value);
                let ahead = value.split(':').next().unwrap_or_default();
                command.env(
                    name,
                    if name == "PATH" { format!("{ahead}:{own}") } else { value.clone() },
                );
            }
        }
        command
    }

    /// Runs the initContainers that are ours, in their order; gives what the doctor says.
    fn start(&self, pod: &Value) -> String {
        let mut last = String::new();
        for container in pod["initContainers"].as_array().unwrap() {
            if container["name"].as_str().is_some_and(|name| name.starts_with("pleach")) {
                last = built(&self.run(container, Path::new(PLEACH), self.0.path()));
            }
        }
        last
    }

    /// `kustomize build` with the build options of the component and the variables of a container.
    fn build(&self, container: &Value, tree: &Path) -> Output {
        // As Argo CD does: by its name, on the PATH of the container.
        let line = ["sh", "-c", "exec kustomize build --enable-alpha-plugins \"$1\"", "sh"]
            .map(str::to_owned);
        let mut command = self.command(&line, &container["env"], tree);
        command.arg(tree).output().unwrap()
    }
}

/// A tree with a file for the age key, or one for the PGP key.
fn tree(machine: &Machine, file: &str) -> PathBuf {
    let folder = machine.0.dir("tree");
    let from = root().join("examples/quickstart/secrets").join(file);
    fs::copy(from, folder.join(file)).unwrap();
    let entry = if Path::new(file).extension().is_some_and(|ending| ending == "env") {
        format!("envs: [{file}]")
    } else {
        format!("files: [{file}]")
    };
    machine.0.write(
        "tree/secrets.yaml",
        format!("apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {{name: s}}\nspec: {{secrets: [{{name: s, {entry}}}]}}\n"),
    );
    machine.0.write("tree/kustomization.yaml", "generators: [secrets.yaml]\n");
    folder
}

#[test]
fn an_age_key_installs_passes_the_doctor_and_decrypts() {
    let machine = Machine::new("throw-away-age.txt", "keys/age.txt");
    let pod = pod(&["repo-server"]);
    let doctor = machine.start(&pod);
    assert!(!doctor.lines().any(|line| line.starts_with("error")), "{doctor}");
    let server = named(&pod["containers"], "argocd-repo-server");
    let output = built(&machine.build(server, &tree(&machine, "database.enc.yaml")));
    assert!(output.contains("kind: Secret"), "{output}");
}

#[test]
fn an_exported_pgp_key_installs_passes_the_doctor_and_decrypts() {
    let machine = Machine::new("throw-away-cv25519.asc", "keys/deploy.asc");
    let pod = pod(&["repo-server"]);
    let doctor = machine.start(&pod);
    assert!(!doctor.lines().any(|line| line.starts_with("error")), "{doctor}");
    let server = named(&pod["containers"], "argocd-repo-server");
    let output = built(&machine.build(server, &tree(&machine, "settings.enc.env")));
    assert!(output.contains("kind: Secret"), "{output}");
}

/// Ends the agent that the import or a decryption has started.
struct Agent<'m>(&'m Machine);

impl Drop for Agent<'_> {
    fn drop(&mut self) {
        let mut kill = self.0.0.command(test_support::machine("gpgconf"));
        kill.args(["--kill", "all"]).env("GNUPGHOME", self.0.here("/pleach-gnupg/home"));
        let _ = kill.output();
    }
}

#[test]
fn the_gnupg_variant_imports_the_key_into_a_home_of_its_own_and_decrypts() {
    let machine = Machine::new("throw-away-cv25519.asc", "keys/deploy.asc");
    let _agent = Agent(&machine);
    machine.0.dir("pleach-gnupg");
    let pod = pod(&["repo-server", "gnupg"]);
    let doctor = machine.start(&pod);
    assert!(!doctor.lines().any(|line| line.starts_with("error")), "{doctor}");
    let home = machine.0.join("pleach-gnupg/home");
    assert_eq!(home.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let server = named(&pod["containers"], "argocd-repo-server");
    let output = built(&machine.build(server, &tree(&machine, "settings.enc.env")));
    assert!(output.contains("kind: Secret"), "{output}");
}

#[test]
fn a_broken_key_fails_the_doctor_so_that_the_old_pod_goes_on() {
    let machine = Machine::new("throw-away-age.txt", "keys/age.txt");
    fs::write(machine.0.join("keys/age.txt"), "AGE-SECRET-KEY-1BROKEN\n").unwrap();
    let pod = pod(&["repo-server"]);
    built(&machine.run(
        named(&pod["initContainers"], "pleach-install"),
        Path::new(PLEACH),
        machine.0.path(),
    ));
    let doctor = machine.run(
        named(&pod["initContainers"], "pleach-doctor"),
        Path::new(PLEACH),
        machine.0.path(),
    );
    assert!(!doctor.status.success());
    assert!(
        String::from_utf8_lossy(&doctor.stdout).contains("error   keys: none"),
        "{}",
        said(&doctor)
    );
}

#[test]
fn the_wrapper_variant_stands_before_the_real_kustomize() {
    let machine = Machine::new("throw-away-age.txt", "keys/age.txt");
    let pod = pod(&["repo-server", "wrapper"]);
    let doctor = machine.start(&pod);
    assert!(!doctor.lines().any(|line| line.starts_with("error")), "{doctor}");
    let server = named(&pod["containers"], "argocd-repo-server");
    let folder = tree(&machine, "database.enc.yaml");
    assert!(built(&machine.build(server, &folder)).contains("kind: Secret"));
    machine.0.write("tree/kustomization.yaml", "resources: [database.enc.yaml]\n");
    let refused = machine.build(server, &folder);
    assert!(
        said(&refused).contains("the output holds a resource that is still encrypted"),
        "{}",
        said(&refused)
    );
}

#[test]
fn the_generate_command_of_the_sidecar_builds_and_runs_the_stream() {
    let machine = Machine::new("throw-away-age.txt", "keys/age.txt");
    let pod = pod(&["cmp"]);
    machine.start(&pod);
    let plugin =
        yaml::values(&fs::read(root().join("argocd/cmp/plugin.yaml")).unwrap()).unwrap().remove(0);
    let generate = &plugin["spec"]["generate"];
    let sidecar = named(&pod["containers"], "pleach");
    let run = |folder: &Path| {
        let words = ["command", "args"].map(|list| generate[list].as_array().unwrap());
        let line: Vec<String> =
            words.into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect();
        machine.command(&line, &sidecar["env"], folder).output().unwrap()
    };
    let folder = tree(&machine, "database.enc.yaml");
    machine.0.write("tree/pipeline.yaml", "apiVersion: pleach.dev/v1alpha1\nkind: Pipeline\nmetadata: {name: p}\nspec: {functions: [{apiVersion: pleach.dev/v1alpha1, kind: SopsDecrypt, metadata: {name: s}, spec: {secrets: [{name: s, files: [database.enc.yaml], options: {disableNameSuffixHash: true}}]}}]}\n");
    machine.0.write("tree/kustomization.yaml", "resources: [pipeline.yaml]\n");
    let output = built(&run(&folder));
    assert!(output.contains("kind: Secret") && !output.contains("Pipeline"), "{output}");
    // A kustomize that fails fails the whole, although pleach stands at the end of the pipe.
    machine.0.write("tree/kustomization.yaml", "resources: [no-such.yaml]\n");
    let refused = run(&folder);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(said(&refused).contains("no-such.yaml"), "{}", said(&refused));
}
