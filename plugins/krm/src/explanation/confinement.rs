//! The pages of what keeps a run inside its bounds: loader, scope, policy, deadline.

/// (id, page) of these findings.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "outside-scope",
        "A config names a file outside the scope: by an absolute path, by `..`, or over a symlink. The scope is \
         the first of: the operator's policy (/etc/pleach/policy.yaml), the folder of a committed .pleach.yaml \
         upward of the kustomization, the folder of .git upward, the kustomization's own folder. The message \
         says which one decided. Paths with `..`, absolute paths and symlinks are fine as long as they end \
         inside. Only the policy can widen the scope: whoever writes a tree writes arguments and variables of \
         its functions, too.",
    ),
    (
        "not-a-file",
        "A config names a folder, a pipe, a device or a socket where a file is read. Only regular files are.",
    ),
    (
        "file-too-large",
        "A file of the tree is larger than 16 MiB. An API server takes objects of about 1.5 MB.",
    ),
    (
        "no-such-file",
        "A config names a file that is not there. Paths are relative to the kustomization that lists the config \
         (the working directory that kustomize gives a function), not to the config's own file.",
    ),
    (
        "unreadable-file",
        "The system refuses to open a file of the tree: its permissions, most of the time.",
    ),
    (
        "unmatched-glob",
        "A glob matches no file. That is an error, not an empty list: a build that silently loses its Secrets \
         would delete them. Names that begin with a dot match only where the pattern has a dot there, and \
         folders that are symlinks are not entered.",
    ),
    (
        "bad-glob",
        "A pattern is no glob, has `..` after a wildcard, or has more than 100,000 files and folders to look at. \
         `*` and `?` stay within a folder, `**` crosses folders, `[ab]` and `{a,b}` choose.",
    ),
    (
        "no-kustomization",
        "The folder that pleach was started in, or that holds the config, cannot be entered.",
    ),
    ("no-scope", "The folder that decides the scope cannot be opened by the user that builds."),
    (
        "writable-policy",
        "The user that builds can write the operator's policy, or a folder above it, so any program that runs \
         as that user could have made it. As root every policy is writable, unless it is mounted read-only. \
         pleach goes on neither with it nor without it.",
    ),
    (
        "unreadable-policy",
        "The operator's policy is there, but cannot be read. To go on without it would be to ignore the operator.",
    ),
    (
        "bad-policy",
        "The operator's policy is not one document of apiVersion pleach.dev/v1alpha1, kind Policy. \
         `spec.scopes` lists the folders, by absolute paths, below which every build may read files; \
         `spec.optOuts` the functions that a tree may opt out of (all, when it is not there); `spec.pipelines` \
         the Pipelines that run last on every stream; `spec.projects` holds the same for each Argo CD project, \
         and its `keys` (a folder) and `paths` (below the root of the repository). A project named `*` stands for \
         all that are not listed.",
    ),
    (
        "no-project",
        "The policy divides by project, and nothing says which one builds: ARGOCD_APP_PROJECT_NAME is not set. \
         Argo CD sets it for kustomize and for plugins. Whoever builds by hand on such a machine sets it.",
    ),
    (
        "unlisted-project",
        "The policy divides by project and has neither this one nor `*`. A project that is not listed gets \
         nothing: no key, no scope, no build.",
    ),
    (
        "forgeable-project",
        "The policy tells projects apart by ARGOCD_APP_PROJECT_NAME. In plugin form and in a stream only the host \
         can set it. As an exec function the config itself sets variables (exec.envs), and with --enable-exec a \
         tree runs any program: it could name another project and get its keys. So exec functions are refused \
         while the policy lists more than one project. The plugin form needs no --enable-exec at all.",
    ),
    (
        "no-repository",
        "The policy says which paths of the repository a project may read, and no repository stands above the \
         kustomization: neither .git nor .pleach.yaml. A plugin sidecar of Argo CD gets the tree \
         without .git where `reposerver.plugin.tar.exclusions` says so; a committed, empty .pleach.yaml at the root \
         takes its place.",
    ),
    (
        "symlink-in-policy-path",
        "A path that the policy gives to a project leads over a symlink in the repository. Whoever can commit one \
         could point it at the folder of another project, so paths of the policy are folders, not links.",
    ),
    (
        "opt-out-not-allowed",
        "An object opts out of a function by its annotation, and the operator's policy does not list that function \
         under `optOuts`. Without `optOuts` in the policy every opt-out is allowed.",
    ),
    (
        "deadline",
        "A run had no result after 45 seconds (or what PLEACH_DEADLINE says) and ended itself and what it had \
         started. Argo CD's controller waits 60 seconds and then shows nothing of the cause. What hangs is \
         most likely a child: a gpg whose agent asks for a passphrase that nobody can type, an age plugin, a \
         key command.",
    ),
    (
        "bad-deadline",
        "PLEACH_DEADLINE shortens the deadline of a run: whole seconds, from 1 to 45.",
    ),
];
