//! The trees, plugin homes and commands of each form.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use test_support::{Scratch, kustomize, machine};

use crate::resources::resources;
use pleach_bench::measure::Contender;

/// The three configs, as they stand in a file of their own or below a Pipeline.
const CONFIGS: [(&str, &str); 3] = [
    ("ExternalDNS", "spec: {target: k8s.example.org, prefix: ga}"),
    ("CertManager", "spec: {issuer: {clusterIssuer: letsencrypt}, addTls: true}"),
    (
        "ForwardAuth",
        "spec: {mode: require, dialect: traefik, signIn: {oauth2Proxy: {recipe: static, service: {namespace: auth}, authHost: auth.example.org}}}",
    ),
];
const API_VERSION: &str = "pleach.dev/v1alpha1";
/// As many resources as kustomize hands to a function once; more are made of them, since its own cost grows by the
/// square.
const RECORDED: usize = 1000;

/// A folder with the trees, the plugin homes and what was recorded.
pub(crate) struct Forms {
    scratch: Scratch,
    pleach: PathBuf,
    noop: PathBuf,
    count: usize,
    function_input: PathBuf,
    stream_input: PathBuf,
}

impl Forms {
    /// Everything that the forms need for `count` resources.
    pub(crate) fn make(pleach: &Path, noop: &Path, count: usize) -> io::Result<Self> {
        let scratch = Scratch::new();
        // The scope of a function ends here.
        scratch.dir("trees/.git");
        let forms = Self {
            function_input: scratch.join("function.yaml"),
            stream_input: scratch.join("stream.yaml"),
            pleach: pleach.to_owned(),
            noop: noop.to_owned(),
            scratch,
            count,
        };
        forms.trees();
        forms.homes()?;
        forms.record()?;
        Ok(forms)
    }

    /// The size of what a function is sent, in megabytes.
    pub(crate) fn function_mb(&self) -> f64 {
        megabytes(&self.function_input)
    }

    /// The size of what the stream form is sent, in megabytes.
    pub(crate) fn stream_mb(&self) -> f64 {
        megabytes(&self.stream_input)
    }

    /// Whole builds.
    pub(crate) fn builds(&self) -> Vec<Contender> {
        vec![
            Contender::new("bare", self.build("bare", "pleach")),
            Contender::new("no-op, one entry", self.build("pipeline", "cat")),
            Contender::new("no-op, three entries", self.build("three", "cat")),
            Contender::new("printed, one entry", self.build("pipeline", "print")),
            Contender::new("Pipeline, one entry", self.build("pipeline", "pleach")),
            Contender::new("three entries", self.build("three", "pleach")),
            Contender::new("no-op, stream", self.piped(&self.scratch.join("cat"), "")),
            Contender::new("build | pleach run", self.piped(&self.pleach, "run")),
        ]
    }

    /// Our own process, on what was recorded.
    pub(crate) fn alone(&self) -> Vec<Contender> {
        let reading = |program: &Path, arguments: &str, input: &Path| {
            let mut command = self.scratch.command("sh");
            command.current_dir(self.scratch.join("trees/pipeline")).arg("-c").arg(format!(
                "exec {} {arguments} <{}",
                program.display(),
                input.display()
            ));
            command
        };
        vec![
            Contender::new("no-op", reading(&self.noop, "", &self.function_input)),
            Contender::new("function", reading(&self.pleach, "", &self.function_input)),
            Contender::new("stream", reading(&self.pleach, "run", &self.stream_input)),
        ]
    }

    fn trees(&self) {
        let text = resources(self.count.min(RECORDED));
        let tree = |name: &str, kustomization: &str| {
            self.scratch.write(format!("trees/{name}/resources.yaml"), &text);
            self.scratch.write(format!("trees/{name}/kustomization.yaml"), kustomization);
            for (kind, spec) in CONFIGS {
                self.scratch.write(format!("trees/{name}/{kind}.yaml"), config(kind, spec));
            }
            self.scratch.write(format!("trees/{name}/pipeline.yaml"), pipeline());
        };
        tree("bare", "resources: [resources.yaml]\n");
        tree("pipeline", "resources: [resources.yaml]\ntransformers: [pipeline.yaml]\n");
        tree("stream", "resources: [resources.yaml, pipeline.yaml]\n");
        tree(
            "three",
            "resources: [resources.yaml]\ntransformers: [ExternalDNS.yaml, CertManager.yaml, ForwardAuth.yaml]\n",
        );
        let recorder = format!(
            "apiVersion: {API_VERSION}\nkind: Pipeline\nmetadata:\n  name: bench\n  annotations:\n    \
             config.kubernetes.io/function: 'exec: {{path: {}}}'\n{}",
            self.scratch.join("record-function").display(),
            pipeline()
                .split_once("spec:")
                .map_or(String::new(), |(_, spec)| format!("spec:{spec}"))
        );
        tree("record", "resources: [resources.yaml]\ntransformers: [recorder.yaml]\n");
        self.scratch.write("trees/record/recorder.yaml", recorder);
    }

    fn homes(&self) -> io::Result<()> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/weave");
        for name in ["cat", "print"] {
            let source = here.join(format!("{name}.c"));
            run(self
                .scratch
                .command(machine("cc"))
                .args(["-O2", "-static", "-o"])
                .arg(self.scratch.join(name))
                .arg(source))?;
        }
        let kinds = CONFIGS.iter().map(|(kind, _)| *kind).chain(["Pipeline"]);
        for kind in kinds {
            for (home, program) in [
                ("pleach", self.pleach.clone()),
                ("cat", self.scratch.join("cat")),
                ("print", self.scratch.join("print")),
                ("record", self.scratch.join("record-plugin")),
            ] {
                let below = format!("{home}-home/{API_VERSION}/{}", kind.to_lowercase());
                symlink(program, self.scratch.dir(below).join(kind))?;
            }
        }
        self.script(
            "record-plugin",
            &format!(
                "{} \"$1\" >{printed} && exec cat {printed}",
                self.pleach.display(),
                printed = self.scratch.join("printed").display()
            ),
        )?;
        self.script("record-function", &format!("exec tee {}", self.function_input.display()))
    }

    fn script(&self, name: &str, line: &str) -> io::Result<()> {
        let file = self.scratch.write(name, format!("#!/bin/sh\n{line}\n"));
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))
    }

    /// Runs each form once and keeps what went in and what came out.
    fn record(&self) -> io::Result<()> {
        run(&mut self.build("pipeline", "record"))?;
        let printed = self.scratch.join(format!("print-home/{API_VERSION}/pipeline/Pipeline.out"));
        fs::rename(self.scratch.join("printed"), printed)?;
        let mut recording = self.build("record", "pleach");
        run(recording.arg("--enable-exec"))?;
        let built = run(&mut self.build("stream", "pleach"))?;
        fs::write(&self.stream_input, built)?;
        self.multiply()
    }

    /// More resources than were recorded: the same, under other names.
    fn multiply(&self) -> io::Result<()> {
        if self.count <= RECORDED {
            return Ok(());
        }
        let times = self.count / RECORDED;
        let renamed = |text: &str| -> String {
            let copy = |at: usize| {
                text.replace("web-", &format!("web{at}-")).replace("api-", &format!("api{at}-"))
            };
            (0..times).map(copy).collect()
        };
        let function = fs::read_to_string(&self.function_input)?;
        let (head, rest) = function.split_once("items:\n").ok_or_else(|| other("no items"))?;
        let (items, tail) = rest.split_once("functionConfig:").ok_or_else(|| other("no config"))?;
        fs::write(
            &self.function_input,
            format!("{head}items:\n{}functionConfig:{tail}", renamed(items)),
        )?;
        let stream = fs::read_to_string(&self.stream_input)?;
        let (pipelines, others): (Vec<_>, Vec<_>) =
            stream.split("---\n").partition(|document| document.contains("kind: Pipeline\n"));
        let others = others.join("---\n");
        fs::write(
            &self.stream_input,
            format!("{}---\n{}", pipelines.join("---\n"), renamed(&format!("{others}---\n"))),
        )
    }

    /// `kustomize build` of a tree with a plugin home.
    fn build(&self, tree: &str, home: &str) -> Command {
        let mut command = self.scratch.command(kustomize());
        command
            .args(["build", "--enable-alpha-plugins"])
            .arg(self.scratch.join(format!("trees/{tree}")))
            .env("KUSTOMIZE_PLUGIN_HOME", self.scratch.join(format!("{home}-home")));
        command
    }

    /// `kustomize build | program`.
    fn piped(&self, program: &Path, arguments: &str) -> Command {
        let mut command = self.scratch.command("sh");
        command.current_dir(self.scratch.join("trees/stream")).arg("-c").arg(format!(
            "{} build . | {} {arguments}",
            kustomize().display(),
            program.display()
        ));
        command
    }
}

fn config(kind: &str, spec: &str) -> String {
    format!("apiVersion: {API_VERSION}\nkind: {kind}\nmetadata: {{name: bench}}\n{spec}\n")
}

fn pipeline() -> String {
    let one = |(kind, spec): &(&str, &str)| {
        let spec = spec.strip_prefix("spec: ").unwrap_or(spec);
        format!(
            "  - apiVersion: {API_VERSION}\n    kind: {kind}\n    metadata: {{name: bench}}\n    spec: {spec}\n"
        )
    };
    let functions: String = CONFIGS.iter().map(one).collect();
    format!(
        "apiVersion: {API_VERSION}\nkind: Pipeline\nmetadata: {{name: bench}}\nspec:\n  functions:\n{functions}"
    )
}

/// What a command prints; an error with its last words when it fails.
fn run(command: &mut Command) -> io::Result<Vec<u8>> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(other(&format!("{}: {said}", command.get_program().display())))
}

fn other(message: &str) -> io::Error {
    io::Error::other(message.to_owned())
}

fn megabytes(file: &Path) -> f64 {
    let bytes = fs::metadata(file).map_or(0, |file| file.len());
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}
