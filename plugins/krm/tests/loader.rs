//! What the loader reads and refuses, each attack by its name.
//!
//! Every case has a tree of its own: `repo/.git`, the kustomization in `repo/app`, and beside the
//! repository a file that no run may read.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use krm::{Environment, Finding, Loader};
use test_support::Scratch;

struct Tree {
    dir: Scratch,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { dir: Scratch::new() };
        tree.write("outside.yaml", "outside");
        tree.write("repo/.git/HEAD", "ref: refs/heads/main");
        tree.write("repo/app/a.yaml", "a");
        tree.write("repo/shared/s.yaml", "shared");
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        self.dir.write(name, text);
    }

    fn loader(&self) -> Loader {
        Loader::new(Environment::default(), &self.path("repo/app")).unwrap()
    }

    fn read(&self, path: impl AsRef<Path>) -> Result<String, String> {
        let bytes = self.loader().read(path.as_ref()).map_err(|finding| self.said(&finding))?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, String> {
        let found = self.loader().glob(pattern).map_err(|finding| self.said(&finding))?;
        Ok(found.iter().map(|path| path.to_string_lossy().into_owned()).collect())
    }

    /// The text of a finding, without the name of this test's folder.
    fn said(&self, finding: &Finding) -> String {
        finding.to_string().replace(&*self.path("").to_string_lossy(), "TREE/")
    }
}

#[test]
fn a_file_beside_the_kustomization_is_read() {
    assert_eq!(Tree::new().read("a.yaml").unwrap(), "a");
}

#[test]
fn a_parent_folder_within_the_repository_is_read() {
    assert_eq!(Tree::new().read("../shared/s.yaml").unwrap(), "shared");
}

#[test]
fn an_absolute_path_within_the_repository_is_read() {
    let tree = Tree::new();
    assert_eq!(tree.read(tree.path("repo/shared/s.yaml")).unwrap(), "shared");
}

#[test]
fn symlinks_that_stay_inside_are_followed_relative_absolute_and_through_folders() {
    let tree = Tree::new();
    symlink("../shared/s.yaml", tree.path("repo/app/relative.yaml")).unwrap();
    symlink(tree.path("repo/shared/s.yaml"), tree.path("repo/app/absolute.yaml")).unwrap();
    symlink(tree.path("repo/shared"), tree.path("repo/app/folder")).unwrap();
    for path in ["relative.yaml", "absolute.yaml", "folder/s.yaml"] {
        assert_eq!(tree.read(path).unwrap(), "shared", "{path}");
    }
}

#[test]
fn a_scope_that_is_reached_over_a_symlink_is_the_same_scope() {
    let tree = Tree::new();
    symlink(tree.path("repo"), tree.path("link")).unwrap();
    assert_eq!(tree.read(tree.path("link/shared/s.yaml")).unwrap(), "shared");
}

#[test]
fn attack_absolute_path_outside() {
    let tree = Tree::new();
    insta::assert_snapshot!(tree.read(tree.path("outside.yaml")).unwrap_err(), @r"
    error: TREE/outside.yaml: an absolute path outside the scope, decided by the git repository of the kustomization
    hint: move the file into it; only the operator's policy can widen the scope
    ");
}

#[test]
fn attack_climbing_out() {
    let tree = Tree::new();
    insta::assert_snapshot!(tree.read("../../outside.yaml").unwrap_err(), @r"
    error: ../../outside.yaml: `..` leads outside the scope, decided by the git repository of the kustomization
    hint: move the file into it; only the operator's policy can widen the scope
    ");
}

#[test]
fn attack_what_is_outside_is_not_even_said_to_exist() {
    let tree = Tree::new();
    let refused = tree.read("../../outside.yaml").unwrap_err();
    let missing = tree.read("../../no-such-file.yaml").unwrap_err();
    assert_eq!(refused.replace("outside.yaml", ""), missing.replace("no-such-file.yaml", ""));
}

#[test]
fn attack_symlink_to_a_file_outside() {
    let tree = Tree::new();
    symlink("../../outside.yaml", tree.path("repo/app/link.yaml")).unwrap();
    insta::assert_snapshot!(tree.read("link.yaml").unwrap_err(), @r"
    error: link.yaml: a symlink leads outside the scope, decided by the git repository of the kustomization
    hint: move the file into it; only the operator's policy can widen the scope
    ");
    symlink(tree.path("outside.yaml"), tree.path("repo/app/absolute.yaml")).unwrap();
    assert!(tree.read("absolute.yaml").unwrap_err().contains("a symlink leads outside"));
}

#[test]
fn attack_symlink_to_a_folder_outside() {
    let tree = Tree::new();
    symlink("../..", tree.path("repo/app/up")).unwrap();
    assert!(tree.read("up/outside.yaml").unwrap_err().contains("a symlink leads outside"));
}

#[test]
fn attack_symlink_loop() {
    let tree = Tree::new();
    symlink("b.yaml", tree.path("repo/app/c.yaml")).unwrap();
    symlink("c.yaml", tree.path("repo/app/b.yaml")).unwrap();
    assert!(tree.read("b.yaml").unwrap_err().contains("a symlink leads outside"));
}

#[test]
#[cfg(all(target_os = "linux", not(pleach_portable)))]
fn attack_symlink_swapped_between_check_and_open() {
    use std::sync::atomic::{AtomicBool, Ordering};

    let tree = Tree::new();
    symlink("a.yaml", tree.path("repo/app/swap.yaml")).unwrap();
    let loader = tree.loader();
    let done = AtomicBool::new(false);
    let (mut inside, mut refused, mut outside) = (0, 0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Renamed over, so that the name always stands.
            for target in ["../../outside.yaml", "a.yaml"].iter().cycle() {
                symlink(target, tree.path("repo/app/next")).unwrap();
                fs::rename(tree.path("repo/app/next"), tree.path("repo/app/swap.yaml")).unwrap();
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        for _ in 0..1_000_000 {
            match loader.read(Path::new("swap.yaml")) {
                Ok(bytes) if bytes == b"a" => inside += 1,
                Ok(_) => outside += 1,
                Err(_) => refused += 1,
            }
            if outside > 0 || inside >= 1_000 && refused >= 1_000 {
                break;
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(outside, 0, "read what stands outside");
    assert!(inside >= 1_000 && refused >= 1_000, "{inside} inside, {refused} refused: no race");
}

#[test]
fn attack_pipe_folder_device_and_socket() {
    let tree = Tree::new();
    let mode = rustix::fs::Mode::RUSR;
    let pipe = tree.path("repo/app/pipe.yaml");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let socket = tree.path("repo/app/socket.yaml");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    insta::assert_snapshot!(tree.read("pipe.yaml").unwrap_err(), @r"
    error: app/pipe.yaml: is a pipe, not a file
    hint: name a regular file
    ");
    assert!(tree.read("socket.yaml").unwrap_err().contains("is a socket, not a file"));
    assert!(tree.read("../shared").unwrap_err().contains("is a folder, not a file"));
    symlink("/dev/zero", tree.path("repo/app/device.yaml")).unwrap();
    assert!(tree.read("device.yaml").unwrap_err().contains("a symlink leads outside"));
}

#[test]
fn attack_the_process_itself() {
    let tree = Tree::new();
    assert!(tree.read("/proc/self/environ").unwrap_err().contains("an absolute path outside"));
    symlink("/proc/self/environ", tree.path("repo/app/environ.yaml")).unwrap();
    assert!(tree.read("environ.yaml").unwrap_err().contains("a symlink leads outside"));
    symlink("/proc/self/root", tree.path("repo/app/root")).unwrap();
    assert!(tree.read("root/etc/passwd").unwrap_err().contains("a symlink leads outside"));
}

#[test]
fn attack_a_file_of_a_gigabyte() {
    let tree = Tree::new();
    fs::File::create(tree.path("repo/app/large.yaml")).unwrap().set_len(1 << 30).unwrap();
    insta::assert_snapshot!(tree.read("large.yaml").unwrap_err(), @r"
    error: app/large.yaml: is larger than 16 MiB
    hint: split it
    ");
    let limit = fs::File::create(tree.path("repo/app/limit.yaml")).unwrap();
    limit.set_len(krm::loader::MAX_FILE).unwrap();
    assert_eq!(tree.read("limit.yaml").unwrap().len() as u64, krm::loader::MAX_FILE);
}

#[test]
fn attack_a_name_that_steers_the_terminal() {
    let refused = Tree::new().read("\u{1b}[2J\u{202e}.yaml").unwrap_err();
    assert!(!refused.contains('\u{1b}'), "{refused:?}");
    assert!(!refused.contains('\u{202e}'), "{refused:?}");
}

#[test]
fn a_missing_file_says_what_paths_are_relative_to() {
    insta::assert_snapshot!(Tree::new().read("b.yaml").unwrap_err(), @r"
    error: app/b.yaml: no such file
    hint: paths are relative to the kustomization in app
    ");
}

#[test]
fn a_glob_names_files_sorted() {
    let tree = Tree::new();
    for name in ["c.enc.yaml", "b.enc.yaml", ".hidden.enc.yaml", "sub/d.enc.yaml", "x.txt"] {
        tree.write(&format!("repo/app/{name}"), "");
    }
    assert_eq!(tree.glob("*.enc.yaml").unwrap(), ["b.enc.yaml", "c.enc.yaml"]);
    let deep = ["b.enc.yaml", "c.enc.yaml", "sub/d.enc.yaml"];
    assert_eq!(tree.glob("**/*.enc.yaml").unwrap(), deep);
    assert_eq!(tree.glob("{sub,b*}/*").unwrap(), ["sub/d.enc.yaml"]);
    assert_eq!(tree.glob(".*.yaml").unwrap(), [".hidden.enc.yaml"]);
    assert_eq!(tree.glob("../shared/*.yaml").unwrap(), ["../shared/s.yaml"]);
    assert_eq!(tree.glob("./*.txt").unwrap(), ["./x.txt"]);
}

#[test]
fn a_glob_names_what_the_loader_reads() {
    let tree = Tree::new();
    let pattern = tree.path("repo/shared/*").to_string_lossy().into_owned();
    for path in [tree.glob("../shared/*").unwrap(), tree.glob(&pattern).unwrap()].concat() {
        assert_eq!(tree.read(&path).unwrap(), "shared", "{path}");
    }
}

#[test]
fn a_file_whose_name_is_the_pattern_is_that_file() {
    let tree = Tree::new();
    tree.write("repo/app/[a].yaml", "bracket");
    assert_eq!(tree.glob("[a].yaml").unwrap(), ["[a].yaml"]);
}

#[test]
fn a_name_without_wildcards_is_itself() {
    assert_eq!(Tree::new().glob("a.yaml").unwrap(), ["a.yaml"]);
}

#[test]
fn an_unmatched_glob_is_an_error() {
    let tree = Tree::new();
    insta::assert_snapshot!(tree.glob("*.enc.yaml").unwrap_err(), @r"
    error: *.enc.yaml: matches no file
    hint: paths are relative to the kustomization in app
    ");
    assert!(tree.glob("no-such-folder/*").unwrap_err().contains("matches no file"));
}

#[test]
fn attack_a_glob_that_climbs_out() {
    let tree = Tree::new();
    insta::assert_snapshot!(tree.glob("../../*.yaml").unwrap_err(), @r"
    error: ../..: `..` leads outside the scope, decided by the git repository of the kustomization
    hint: move the file into it; only the operator's policy can widen the scope
    ");
    assert!(tree.glob("*/../../../*").unwrap_err().contains("`..` after a wildcard"));
    assert!(tree.glob("/etc/*").unwrap_err().contains("an absolute path outside"));
}

#[test]
fn attack_a_glob_over_a_folder_that_leads_outside() {
    let tree = Tree::new();
    symlink("../..", tree.path("repo/app/up")).unwrap();
    assert!(tree.glob("up/*.yaml").unwrap_err().contains("a symlink leads outside"));
    assert_eq!(tree.glob("**/*.yaml").unwrap(), ["a.yaml"]);
}

#[test]
fn a_matched_symlink_that_leads_outside_is_refused_when_it_is_read() {
    let tree = Tree::new();
    symlink("../../outside.yaml", tree.path("repo/app/link.yaml")).unwrap();
    assert_eq!(tree.glob("*.yaml").unwrap(), ["a.yaml", "link.yaml"]);
    assert!(tree.read("link.yaml").unwrap_err().contains("a symlink leads outside"));
}

#[test]
fn files_are_named_from_the_repository() {
    let tree = Tree::new();
    let loader = tree.loader();
    assert_eq!(loader.name(Path::new("a.yaml")), "app/a.yaml");
    assert_eq!(loader.name(Path::new("../shared/s.yaml")), "shared/s.yaml");
    assert_eq!(loader.name(&tree.path("repo/shared/s.yaml")), "shared/s.yaml");
}

#[test]
fn without_a_repository_the_scope_is_the_kustomization() {
    let tree = Tree::new();
    fs::remove_dir_all(tree.path("repo/.git")).unwrap();
    insta::assert_snapshot!(tree.read("../shared/s.yaml").unwrap_err(), @r"
    error: ../shared/s.yaml: `..` leads outside the scope, decided by the kustomization alone: no .git and no .pleach.yaml stands above it
    hint: commit an empty .pleach.yaml at the root of the tree to make that the scope
    ");
    assert_eq!(tree.read("a.yaml").unwrap(), "a");
}

#[test]
fn a_git_file_of_a_worktree_decides_as_a_git_folder_does() {
    let tree = Tree::new();
    fs::remove_dir_all(tree.path("repo/.git")).unwrap();
    tree.write("repo/.git", "gitdir: elsewhere");
    assert_eq!(tree.read("../shared/s.yaml").unwrap(), "shared");
}

#[test]
fn a_marker_narrows_the_repository() {
    let tree = Tree::new();
    tree.write("repo/app/.pleach.yaml", "");
    insta::assert_snapshot!(tree.read("../shared/s.yaml").unwrap_err(), @r"
    error: ../shared/s.yaml: `..` leads outside the scope, decided by the marker .pleach.yaml upward of the kustomization
    hint: move the file into it; only the operator's policy can widen the scope
    ");
}

#[test]
fn a_marker_of_the_outer_repository_holds_for_its_submodule() {
    let tree = Tree::new();
    tree.write("repo/.pleach.yaml", "");
    tree.write("repo/app/.git", "gitdir: ../.git/modules/app");
    assert_eq!(tree.read("../shared/s.yaml").unwrap(), "shared");
}

#[test]
fn without_git_the_marker_makes_the_scope() {
    let tree = Tree::new();
    fs::remove_dir_all(tree.path("repo/.git")).unwrap();
    tree.write("repo/.pleach.yaml", "");
    assert_eq!(tree.read("../shared/s.yaml").unwrap(), "shared");
}

#[test]
fn attack_a_marker_above_the_repository_widens_nothing() {
    let tree = Tree::new();
    tree.write(".pleach.yaml", "");
    assert!(tree.read("../../outside.yaml").unwrap_err().contains("`..` leads outside"));
}
