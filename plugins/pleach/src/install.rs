//! Installs the binary: copies itself, links the functions' names, lays out a plugin home.
//!
//! Works where there is no shell and no `cp`: an initContainer whose image holds nothing but the
//! binary. Links are hard links, so that each stays whole when its file alone is mounted elsewhere;
//! across file systems they are relative symlinks. Each name is put in place by a rename: whoever
//! starts it meanwhile starts the old or the new one.

use std::fs;
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use krm::{Definition, Finding};

use crate::{home, wrapper};

/// What stands at the end of each name of a plugin home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// A link to the installed binary.
    Links,
    /// A shell script that calls `pleach` from `PATH`.
    Wrappers,
}

/// Copies the running binary to `dir/pleach` and links the functions' names beside it. Returns what
/// was put in place.
pub fn binary(dir: &Path, definitions: &[Definition]) -> Result<Vec<PathBuf>, Box<Finding>> {
    let target = dir.join("pleach");
    let copy = |temporary: &Path| {
        // Through the running image: the file may have been replaced since.
        let own = if cfg!(target_os = "linux") {
            PathBuf::from("/proc/self/exe")
        } else {
            std::env::current_exe()?
        };
        #[expect(clippy::disallowed_methods, reason = "the binary itself, no file of a tree")]
        let mut from = fs::File::open(own)?;
        let mut to =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o755).open(temporary)?;
        io::copy(&mut from, &mut to)?;
        to.set_permissions(fs::Permissions::from_mode(0o755))?;
        to.sync_all()
    };
    place(&target, copy)?;
    let mut placed = vec![target.clone()];
    for name in names(definitions) {
        let link = dir.join(name);
        place(&link, |temporary| link_to(&target, &link, temporary))?;
        placed.push(link);
    }
    Ok(placed)
}

/// Links the installed binary as `kustomize` beside it: the wrapper. Returns what was put in place.
pub fn wrapper(dir: &Path) -> Result<PathBuf, Box<Finding>> {
    let link = dir.join(wrapper::NAME);
    place(&link, |temporary| link_to(&dir.join("pleach"), &link, temporary))?;
    Ok(link)
}

/// Lays out a plugin home in `dir` for the binary that stands at `target`. Returns what was put in
/// place.
pub fn home(
    dir: &Path,
    target: &Path,
    kind: Home,
    definitions: &[Definition],
) -> Result<Vec<PathBuf>, Box<Finding>> {
    let files: Vec<PathBuf> = home::files(definitions).iter().map(|file| dir.join(file)).collect();
    for file in &files {
        place(file, |temporary| match kind {
            Home::Links => link_to(target, file, temporary),
            Home::Wrappers => {
                fs::write(temporary, home::WRAPPER)?;
                fs::set_permissions(temporary, fs::Permissions::from_mode(0o755))
            }
        })?;
    }
    Ok(files)
}

/// The names that a function is called by: its own, and those of older tools.
fn names(definitions: &[Definition]) -> Vec<String> {
    let older = |definition: &Definition| {
        let api_version = definition.api_version();
        let kinds = definition.kinds.iter().filter(move |_| api_version == "viaduct.ai/v1");
        kinds.map(|(_, kind)| (*kind).to_owned()).collect::<Vec<_>>()
    };
    let mut names: Vec<String> = definitions.iter().map(Definition::name).collect();
    names.extend(definitions.iter().flat_map(older));
    names.sort();
    names.dedup();
    names
}

/// Makes a file beside its final name and renames it into place.
fn place(file: &Path, make: impl Fn(&Path) -> io::Result<()>) -> Result<(), Box<Finding>> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = file.parent().unwrap_or(Path::new("."));
    let temporary = folder.join(format!(".{name}.{}", std::process::id()));
    let placed = fs::create_dir_all(folder)
        .and_then(|()| make(&temporary))
        .and_then(|()| fs::rename(&temporary, file));
    // What failed half-way, and a link that was there already: rename leaves the second name.
    let _ = fs::remove_file(&temporary);
    placed.map_err(|error| {
        Box::new(
            Finding::error("not-installed", format!("{}: {}", file.display(), error.kind()))
                .hint("name a folder that this user can write"),
        )
    })
}

fn link_to(target: &Path, link: &Path, temporary: &Path) -> io::Result<()> {
    fs::hard_link(target, temporary).or_else(|_| symlink(relative(target, link)?, temporary))
}

/// How `link` names `target`: relative, so that both can be mounted elsewhere together.
fn relative(target: &Path, link: &Path) -> io::Result<PathBuf> {
    let folder = link.parent().unwrap_or(Path::new(".")).canonicalize()?;
    let target = target.canonicalize()?;
    let common = folder.components().zip(target.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    Ok(up.chain(target.components().skip(common)).collect())
}
