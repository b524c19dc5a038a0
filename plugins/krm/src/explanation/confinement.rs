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
         `spec.scopes` lists the folders, by absolute paths, below which every build may read files.",
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
