//! What a tenant may try with a commit, in the repo-server: each shown to work where the guard is missing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::tree;
use argocd::{Options, RepoServer, Repository, Requests, encrypted};
use test_support::{Marker, Scratch};

/// What the operator sets, and what an installation with exec functions sets.
const PLUGINS: &str = "--enable-alpha-plugins";
const EXEC: &str = "--enable-alpha-plugins --enable-exec";

fn argo() -> &'static RepoServer {
    static ARGO: OnceLock<RepoServer> = OnceLock::new();
    ARGO.get_or_init(|| RepoServer::kept(Options::default))
}

/// A kustomization whose generator is a program of its own, that says so in a file `ran`.
fn with_its_own_program(folder: &Path, ran: &Path) {
    let evil =
        format!("#!/bin/sh\nid -u > {}\necho 'kind: ResourceList\nitems: []'\n", ran.display());
    tree::write(&folder.join("evil.sh"), evil);
    fs::set_permissions(folder.join("evil.sh"), fs::Permissions::from_mode(0o755)).expect("a mode");
    tree::write(
        &folder.join("evil.yaml"),
        "apiVersion: v1\nkind: Evil\nmetadata:\n  name: evil\n  annotations:\n    \
         config.kubernetes.io/function: 'exec: {path: ./evil.sh}'\n",
    );
    tree::write(
        &folder.join("configmap.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
    );
    let kustomization = "resources: [configmap.yaml]\ngenerators: [evil.yaml]\n";
    tree::write(&folder.join("kustomization.yaml"), kustomization);
}

/// Builds `path` as an operator sets it up, and as one who lets trees name programs, and gives whether the program ran.
fn ran(argo: &RepoServer, path: &str, file: &Path) -> [bool; 2] {
    [PLUGINS, EXEC].map(|options| {
        let built = argo.generate(path, options);
        assert!(built.is_ok(), "{options}: {built:?}\n{}", argo.last_lines());
        let ran = file.exists();
        let _ = fs::remove_file(file);
        ran
    })
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_an_exec_function_in_a_tenants_tree_does_not_run() {
    let argo = argo();
    let file = argo.temporary().join("ran-in-the-tree");
    with_its_own_program(&argo.repository().work().join("evil"), &file);
    argo.repository().push("evil");
    assert_eq!(ran(argo, "evil", &file), [false, true]);
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_a_remote_base_with_its_own_program_does_not_run_it() {
    let argo = argo();
    let elsewhere = Repository::new(&argo.folder().join("elsewhere"));
    let file = argo.temporary().join("ran-in-a-remote-base");
    with_its_own_program(&elsewhere.work().join("base"), &file);
    elsewhere.push("a base");
    let base = format!("resources: ['{}//base?ref=main']\n", elsewhere.url());
    argo.repository().write("remote/kustomization.yaml", base);
    argo.repository().push("remote");
    assert_eq!(ran(argo, "remote", &file), [false, true]);
}

/// Another team's file, outside of the repository, that the same key opens.
fn team_b(marker: &Marker) -> Options {
    let secret = encrypted(&Scratch::new(), "team-b", &[("password", &marker.text)]);
    Options {
        files: vec![
            ("team-b/secret.enc.yaml", secret),
            // A plugin without our guard: it reads what the path leads to.
            (
                "installed/plugins/example.org/v1/careless/Careless",
                "#!/bin/sh\ncat secret.enc.yaml\n".to_owned(),
            ),
        ],
        // Argo CD's own search for such links, which comes before the build, is off: only ours stands.
        variables: vec![("ARGOCD_REPO_SERVER_ALLOW_OUT_OF_BOUNDS_SYMLINKS", "true")],
        ..Options::default()
    }
}

/// Puts a link to another team's file in the place of a file of the checkout, and the file back, again and again.
fn swap(own: &Path, aside: &Path, target: &Path, file: &str, done: &AtomicBool) {
    while !done.load(Ordering::Relaxed) {
        let _ = std::os::unix::fs::symlink(target, aside).and_then(|()| fs::rename(aside, own));
        std::thread::park_timeout(Duration::from_micros(500));
        let _ = fs::write(aside, file).and_then(|()| fs::rename(aside, own));
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

#[test]
#[ignore = "tier 3: make test-argocd"]
fn attack_a_symlink_swapped_in_during_the_build_leads_to_no_file_outside() {
    let marker = Marker::word("the secret of team b");
    let argo = RepoServer::start(&team_b(&marker));
    let own = encrypted(&Scratch::new(), "team-a", &[("password", "of team a")]);
    let mut folders = Vec::new();
    for (folder, config) in [
        (
            "guarded",
            "apiVersion: pleach.dev/v1alpha1\nkind: SopsDecrypt\nmetadata: {name: s}\nspec: {files: [secret.enc.yaml]}\n",
        ),
        ("careless", "apiVersion: example.org/v1\nkind: Careless\nmetadata: {name: s}\n"),
    ] {
        argo.repository().write(&format!("{folder}/secret.enc.yaml"), &own);
        argo.repository().write(&format!("{folder}/secrets.yaml"), config);
        argo.repository()
            .write(&format!("{folder}/kustomization.yaml"), "generators: [secrets.yaml]\n");
        folders.push(folder.to_owned());
    }
    argo.repository().push("two teams");
    argo.generate("guarded", PLUGINS).expect("a first build, which clones");
    let clones = fs::read_dir(argo.temporary().join("_argocd-repo")).expect("the clones");
    let clone = clones.flatten().next().expect("a clone").path();
    let target = argo.folder().join("team-b/secret.enc.yaml");

    let reached = folders.iter().map(|folder| {
        let done = AtomicBool::new(false);
        let own_file = clone.join(folder).join("secret.enc.yaml");
        let aside = argo.temporary().join("aside");
        let answers = std::thread::scope(|scope| {
            scope.spawn(|| swap(&own_file, &aside, &target, &own, &done));
            let answers = argo.ask(&Requests {
                paths: std::slice::from_ref(folder),
                build_options: PLUGINS,
                project: "default",
                concurrency: 4,
                count: 100,
                seconds: 0,
                objects: true,
            });
            done.store(true, Ordering::Relaxed);
            answers
        });
        println!("argocd: {} of {} builds of {folder} failed", answers.failures, answers.requests);
        let said = serde_json::to_vec(&(&answers.errors, &answers.objects)).expect("JSON");
        assert!(marker.found_in(&said).is_none(), "{folder}: the secret itself");
        let of = |name: &str| {
            answers.objects.iter().filter(|object| object["metadata"]["name"] == name).count()
        };
        assert!(of("team-a") > 0, "{folder}: no build at all: {:?}", answers.errors);
        let refused = |error: &String| error.contains("a symlink leads outside the scope");
        (of("team-b"), answers.errors.iter().any(refused))
    });
    let reached: Vec<_> = reached.collect();
    let [(guarded, refused), (careless, _)] = reached[..] else { panic!("two folders") };
    assert_eq!(guarded, 0, "a build reached the file of team b");
    assert!(refused, "the link was in no build's way");
    assert!(careless > 0, "the attack does not work at all");
}
