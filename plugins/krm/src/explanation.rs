//! What each finding of this crate means: the pages behind the ids.

pub mod confinement;

/// (id, page): `pleach docs ID` prints the page. Every id that the crate uses stands here; a test compares.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "cannot-edit",
        "A function has to write a field, and something else than a map (or a list) stands on the way to it, such as \
         `annotations: []`. A missing or null map is made; anything else is the author's and is not overwritten.",
    ),
    (
        "config-field",
        "A field of the config is unknown, missing or of the wrong type. The message has its path in the config; \
         a value is never repeated, since it may be a secret. `pleach schema KIND` prints what there is.",
    ),
    (
        "duplicate-resource",
        "A function adds a resource that stands in the list already: same group, kind, namespace and name. kustomize \
         would refuse it as well, or one of the two would be lost.",
    ),
    (
        "exec-args",
        "Called as a function, the binary takes no argument. `exec.args`, `argsOneLiner` and `argsFromFile` come with \
         the tree, so they must not decide anything; kubectl before 1.33 refuses a config that has `exec.args`. All \
         options are fields of the config. A person pipes `kustomize build` into `pleach run`, not a ResourceList.",
    ),
    (
        "function-annotation",
        "The annotation config.kubernetes.io/function of a config is no YAML text.",
    ),
    (
        "generator-option",
        "kustomize reads kustomize.config.k8s.io/needs-hash and /behavior from what a generator gives, and strips \
         them. In a transformer's output and in a stream they would stay in the manifest, and no hash would be made. \
         List the config under `generators:`.",
    ),
    (
        "idle-pipeline",
        "A Pipeline whose `functions` is empty does nothing, and a forgotten one looks the same. It is no error: in a \
         stream with encrypted Secrets it asks for their decryption alone, and then nothing is said.",
    ),
    ("input-too-large", "Standard input or a config is larger than 32 MiB."),
    (
        "nested-pipeline",
        "A Pipeline lists functions, and a Pipeline is none. Several in one stream run one after the other, by \
         `order`, then by name.",
    ),
    (
        "no-config",
        "A config is a map with apiVersion, kind, metadata.name and the function's own fields.",
    ),
    (
        "no-function-named",
        "A ConfigMap, or no config at all (both are kpt's ways), says nothing of the function: the name that the \
         binary is called as does. `pleach install` makes a link for each function.",
    ),
    (
        "no-input",
        "Standard input holds nothing. An empty build that passed would delete everything that stood there before.",
    ),
    ("no-list", "`items` of a ResourceList is not a list."),
    (
        "no-namespace-yet",
        "A Pipeline under `transformers:` is for one namespace, and some objects have none when it runs. An outer \
         kustomization may set it later: then they are in that namespace in the cluster, and nothing was woven into \
         them. Objects of kinds that have no namespace are not meant.",
    ),
    (
        "no-pipeline",
        "The file of `pleach run --pipeline FILE` holds Pipelines alone: what runs, on what and in which order, is said \
         there.",
    ),
    ("no-manifest", "A document, or an item of a list, is no Kubernetes object: it is not a map."),
    (
        "not-one-object",
        "A file that holds one object, such as the ClusterFacts that a config names, has no document or several.",
    ),
    (
        "not-started",
        "A program that this one needs (gpg, an age plugin, a key command, kustomize) is there, and the system does not \
         start it: another architecture, no permission, or a first line that names no interpreter.",
    ),
    (
        "nothing-in-scope",
        "A Pipeline has a `scope`, and no object of the stream is in it: nothing would be woven, and nobody would notice. \
         The namespace or the label is misspelt, or an outer kustomization sets it later than the Pipeline runs.",
    ),
    (
        "nothing-to-run",
        "A stream went through `pleach run` in which there is nothing to do: no Pipeline, and nothing that a function \
         handles without one. Most likely the Pipeline is missing from `resources:`.",
    ),
    (
        "nothing-to-transform",
        "A transformer got no resource. kustomize sends the same to a transformer under `generators:` and to one in a \
         tree without resources; in both there is nothing to do.",
    ),
    (
        "operators-variable",
        "The function annotation of a config comes with the tree, and `exec.envs` in it reaches the process. Variables \
         that choose keys, programs, a project or a mode (PLEACH_*, SOPS_*, ARGOCD_*, GNUPGHOME, PATH, HOME, LD_*) are \
         the operator's: set \
         them where kustomize runs.",
    ),
    (
        "other-kind",
        "A file that a config names holds an object of another apiVersion or kind than the config needs.",
    ),
    (
        "secret-patches",
        "`pleach diff --format patches` writes what a function changed, with its values. Of a function that reads \
         secrets these would be plain text in files.",
    ),
    (
        "several-lists",
        "Standard input holds a ResourceList and something else. A host sends one list.",
    ),
    (
        "unknown-kind",
        "No function of this binary answers to the apiVersion and kind of the config. The hint has the nearest one; \
         `pleach list` shows all.",
    ),
    ("unreadable-input", "A config or a file with manifests cannot be opened or read."),
    (
        "unreadable-yaml",
        "The text is no YAML, or YAML that its readers disagree on, or beyond a limit. Nothing of it is repeated; line \
         and column are.",
    ),
    (
        "unwritten",
        "The result could not be written in full: the disk is full, or whoever reads it went away. The exit status \
         says so; what was written must not be used.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{EXPLANATIONS, confinement};

    /// The ids in the sources of this crate: a kebab-case text right behind `error(`, `warning(`, `info(` or
    /// `refusal(`, and those of tables, `("id", ...`.
    fn used(folder: &Path, ids: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                used(&path, ids);
            } else if !path.to_string_lossy().contains("explanation") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                for call in ["Finding::error(", "Finding::warning(", "Finding::info("] {
                    for rest in code.split(call).skip(1) {
                        if let Some(rest) = rest.trim_start().strip_prefix('"') {
                            ids.extend(rest.split('"').next().map(str::to_owned));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn every_finding_has_a_page_and_no_page_stands_twice() {
        let mut ids = BTreeSet::new();
        used(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut ids);
        assert!(ids.len() > 20, "the search found {ids:?}");
        let pages = [EXPLANATIONS, confinement::EXPLANATIONS].concat();
        let known: BTreeSet<String> = pages.iter().map(|(id, _)| (*id).to_owned()).collect();
        assert_eq!(known.len(), pages.len(), "a page stands twice");
        assert_eq!(ids.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "no page");
        let own: BTreeSet<String> = EXPLANATIONS.iter().map(|(id, _)| (*id).to_owned()).collect();
        assert_eq!(
            own.difference(&ids).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "a page of nothing"
        );
    }
}
