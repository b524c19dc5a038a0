//! One run over a tree: read the configs, look at every file, follow what generators name, sum up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use krm::{Finding, Glob};

use crate::format::Format;
use crate::marker::{self, Marker};
use crate::rule::plain_input::{self, Reference, Use};
use crate::rule::unreadable_document::RULE as UNREADABLE;
use crate::rule::{RULES, Subject, plain_patch};
use crate::sops_config::{self, CreationRule, SopsConfig};
use crate::source::{Source, is_kustomization};
use crate::tree::{Content, Tree};
use crate::{EXPLANATIONS, Report};

/// Looks at the repository around `cwd`: at the files and folders in `arguments`, or at everything.
///
/// # Errors
/// A finding about `cwd` or an argument that cannot be looked at. What is wrong with the files is in the report.
pub fn secrets(cwd: &Path, arguments: &[PathBuf]) -> Result<Report, Box<Finding>> {
    let tree = Tree::around(cwd)?;
    let mut run = Run::over(&tree);
    let selected = run.selected(cwd, arguments)?;
    let mut outcomes = run.look_at(&selected);
    let references = std::mem::take(&mut outcomes.references);
    outcomes.findings.extend(run.follow(&references, &selected, &outcomes.sealed));

    let about_configs = run
        .configs
        .iter_mut()
        .map(|config| (config.path.clone(), std::mem::take(&mut config.findings)));
    for (path, findings) in about_configs.collect::<Vec<_>>() {
        if run.everything
            || selected.iter().any(|file| file.starts_with(path.parent().unwrap_or(Path::new(""))))
        {
            outcomes.findings.extend(findings);
        }
    }
    let before = outcomes.findings.len();
    let file = |finding: &Finding| finding.file.clone().map(|(file, _)| file).unwrap_or_default();
    outcomes.findings.retain(|finding| {
        !run.markers.iter().any(|marker| marker.allows(&file(finding), finding.id))
    });
    let allowed = before - outcomes.findings.len();
    for marker in &run.markers {
        let unused = if run.everything { marker.unused() } else { Vec::new() };
        let about = marker.findings.iter().cloned().chain(unused);
        // What is wrong with an allow-list is allowed by one further up alone.
        outcomes.findings.extend(about.filter(|finding| {
            !run.markers
                .iter()
                .any(|other| !other.is(&file(finding)) && other.allows(&file(finding), finding.id))
        }));
    }
    outcomes.findings.sort_by(|a, b| (&a.file, a.id).cmp(&(&b.file, b.id)));
    Ok(Report {
        findings: outcomes.findings,
        files: outcomes.files,
        encrypted: outcomes.sealed.intersection(&selected).count(),
        allowed,
    })
}

struct Run<'a> {
    tree: &'a Tree,
    configs: Vec<SopsConfig>,
    markers: Vec<Marker>,
    /// No file was named.
    everything: bool,
}

/// What came of looking at files.
#[derive(Default)]
struct Outcomes {
    findings: Vec<Finding>,
    /// The files looked at, of those that were asked for.
    files: usize,
    /// Those that are encrypted.
    sealed: BTreeSet<PathBuf>,
    /// What each file names.
    references: BTreeMap<PathBuf, Vec<Reference>>,
}

impl Outcomes {
    fn absorb(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.files += other.files;
        self.sealed.extend(other.sealed);
        self.references.extend(other.references);
    }
}

impl<'a> Run<'a> {
    fn over(tree: &'a Tree) -> Self {
        let mut run = Self { tree, configs: Vec::new(), markers: Vec::new(), everything: true };
        let ids: Vec<&str> = EXPLANATIONS.iter().map(|(id, _)| *id).collect();
        let kustomizations: Vec<&Path> =
            tree.files.iter().map(PathBuf::as_path).filter(|path| is_kustomization(path)).collect();
        // Both count before they are added to git: a rule is in force when it stands there.
        let roots = [PathBuf::from(sops_config::NAME), PathBuf::from(marker::NAME)];
        for path in tree.files.iter().chain(roots.iter().filter(|path| !tree.files.contains(*path)))
        {
            if path.ends_with(sops_config::NAME) {
                if let Ok(Content::Bytes(bytes)) = tree.read(path) {
                    let mut config = SopsConfig::read(path, &bytes);
                    config.narrow(&kustomizations);
                    run.configs.push(config);
                }
            } else if path.ends_with(marker::NAME)
                && let Ok(Content::Bytes(bytes)) = tree.read(path)
            {
                run.markers.push(Marker::read(path, &bytes, &ids));
            } else if path.ends_with(".sops.yml") {
                run.configs.push(SopsConfig::misnamed(path));
            }
        }
        run
    }

    /// The files that are asked for.
    fn selected(
        &mut self,
        cwd: &Path,
        arguments: &[PathBuf],
    ) -> Result<BTreeSet<PathBuf>, Box<Finding>> {
        self.everything = arguments.is_empty();
        if self.everything {
            return Ok(self.tree.files.clone());
        }
        let mut selected = BTreeSet::new();
        for argument in arguments {
            for file in self.tree.named(cwd, argument)? {
                let configs =
                    self.configs.iter().find(|config| config.path == file).map(SopsConfig::folder);
                let markers =
                    self.markers.iter().find(|marker| marker.is(&file)).map(Marker::folder);
                if let Some(folder) = configs.or(markers) {
                    selected.extend(
                        self.tree.files.iter().filter(|file| file.starts_with(folder)).cloned(),
                    );
                }
                selected.insert(file);
            }
        }
        Ok(selected)
    }

    /// The creation rule that a file falls under: that of the nearest `.sops.yaml` upward.
    fn creation(&self, file: &Path) -> Option<(&SopsConfig, &CreationRule)> {
        let upward = self
            .configs
            .iter()
            .filter(|config| config.in_force && file.starts_with(config.folder()));
        let nearest = upward.max_by_key(|config| config.folder().components().count())?;
        nearest.rule_for(file).map(|rule| (nearest, rule))
    }

    /// Looks at every file, on as many threads as pay.
    fn look_at(&self, selected: &BTreeSet<PathBuf>) -> Outcomes {
        let files: Vec<&PathBuf> = self.tree.files.union(selected).collect();
        let threads = std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(8)
            .min(1 + files.len() / 100);
        let part = files.len().div_ceil(threads).max(1);
        let mut outcomes = Outcomes::default();
        std::thread::scope(|scope| {
            let look = |part: &[&PathBuf]| {
                let mut outcomes = Outcomes::default();
                for file in part {
                    self.look(file, selected.contains(*file), &mut outcomes);
                }
                outcomes
            };
            let mut parts = files.chunks(part);
            let own = parts.next().unwrap_or_default();
            let others: Vec<_> = parts.map(|part| scope.spawn(move || look(part))).collect();
            outcomes.absorb(look(own));
            for other in others {
                match other.join() {
                    Ok(found) => outcomes.absorb(found),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        outcomes
    }

    fn look(&self, file: &Path, asked: bool, outcomes: &mut Outcomes) {
        let creation = self.creation(file);
        let ruled = creation.is_some_and(|(_, rule)| rule.narrow);
        let said =
            |what: String, hint: &str| Finding::error(UNREADABLE.id, what).file(file).hint(hint);
        let bytes = match self.tree.read(file) {
            Ok(Content::Bytes(bytes)) => bytes,
            Ok(Content::NoFile) => return,
            Ok(Content::TooLarge) => {
                outcomes.files += usize::from(asked);
                if asked && (ruled || Format::of_path(file) != Format::Binary) {
                    outcomes
                        .findings
                        .push(said("not checked: larger than 16 MiB".to_owned(), "split it"));
                }
                return;
            }
            Err(error) => {
                if asked {
                    outcomes
                        .findings
                        .push(said(format!("not checked: {error}"), "make it readable"));
                }
                return;
            }
        };
        if !asked && !plain_input::may_refer(file, &bytes) {
            return;
        }
        let source = Source::read(file, bytes, ruled);
        let references = plain_input::references(&source);
        if !references.is_empty() {
            outcomes.references.insert(file.to_path_buf(), references);
        }
        if source.is_sealed() {
            outcomes.sealed.insert(file.to_path_buf());
        }
        if asked {
            outcomes.files += 1;
            let subject = Subject { source: &source, creation };
            outcomes.findings.extend(RULES.iter().flat_map(|rule| (rule.check)(&subject)));
        }
    }

    /// Looks at the files that configs name, when the config or the file is asked for.
    fn follow(
        &self,
        references: &BTreeMap<PathBuf, Vec<Reference>>,
        selected: &BTreeSet<PathBuf>,
        sealed: &BTreeSet<PathBuf>,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (config, references) in references {
            for reference in references {
                for target in self.targets(config, reference) {
                    if !selected.contains(config) && !selected.contains(&target)
                        || sealed.contains(&target)
                    {
                        continue;
                    }
                    findings.extend(self.named(config, reference, &target));
                }
            }
        }
        findings
    }

    /// The files of the tree that a reference names: below the config's folder, or the nearest folder above it that
    /// has them (kustomize runs a generator in the folder of the kustomization, which may stand higher).
    fn targets(&self, config: &Path, reference: &Reference) -> Vec<PathBuf> {
        let is_glob =
            reference.used == Use::Decrypted && reference.target.contains(['*', '?', '[', '{']);
        for folder in config.ancestors().skip(1) {
            let Some(path) = Tree::resolve(folder, &reference.target) else { continue };
            if !is_glob {
                if self.tree.files.contains(&path) {
                    return vec![path];
                }
                continue;
            }
            let Ok(glob) = Glob::new(&path.to_string_lossy()) else { break };
            let found: Vec<PathBuf> =
                self.tree.files.iter().filter(|file| glob.is_match(file)).cloned().collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Looks at one file that is named, and was not yet seen to be encrypted.
    fn named(&self, config: &Path, reference: &Reference, target: &Path) -> Option<Finding> {
        let Ok(Content::Bytes(bytes)) = self.tree.read(target) else { return None };
        let source = Source::read(target, bytes, true);
        if source.is_sealed() || source.is_empty() {
            return None;
        }
        let by = format!("{} of {}:{}", reference.field, config.display(), reference.line);
        let (what, line) = match reference.used {
            Use::Value => (format!("not encrypted, and {by} makes a Secret from it"), None),
            Use::Decrypted => (format!("not encrypted, and {by} is to decrypt it"), None),
            Use::Patch => {
                let (_, line) = source
                    .documents
                    .iter()
                    .flat_map(|document| plain_patch::writes(&document.root))
                    .next()?;
                (format!("writes a value in the clear into a Secret, by {by}"), Some(line))
            }
        };
        let finding = Finding::error(plain_input::RULE.id, what);
        let finding = match line {
            Some(line) => finding.line(target, line),
            None => finding.file(target),
        };
        Some(finding.hint(match reference.used {
            Use::Value => format!(
                "sops encrypt --in-place {0}, and name it in a SopsDecrypt config instead",
                target.display()
            ),
            Use::Decrypted => format!("sops encrypt --in-place {}", target.display()),
            Use::Patch => {
                "encrypt the value in the Secret that is patched, and drop the patch".to_owned()
            }
        }))
    }
}
