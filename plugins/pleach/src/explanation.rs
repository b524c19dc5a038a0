//! The page of each finding: `pleach docs ID` prints it.

/// (id, page) of what the command line itself says.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "doctor",
        "`pleach doctor` found something that would stop a build here; its lines that begin with `error` \
         say what, and what to do.",
    ),
    (
        "exec-env",
        "`pleach exec-env FILE COMMAND` puts the values of an encrypted file into the environment of a command. The \
         file is a dotenv file or one map of plain values, as for `sops exec-env`, and the command is a program on \
         PATH, or one word that `sh -c` runs.",
    ),
    (
        "exec-skipped",
        "The kustomizations that are built list configs with a function annotation that says `exec`, and kustomize \
         was not given --enable-exec: it would leave them out, print nothing and exit with 0, so that Secrets, \
         records or sign-in are missing. Without the annotation a config of ours runs as a plugin, which needs \
         --enable-alpha-plugins alone.",
    ),
    (
        "kustomize-not-started",
        "The wrapper found a kustomize that the system does not start: another architecture, or no permission.",
    ),
    ("kustomize-output", "What kustomize prints could not be read, or is larger than 256 MiB."),
    (
        "no-facts",
        "`pleach facts` read the trees, and nothing in them is a fact. A file without facts would say that nothing is \
         known. Controllers are known by their images and labels; the values of a Helm release are not read.",
    ),
    (
        "no-kustomize",
        "The wrapper in front of kustomize takes the one that PLEACH_KUSTOMIZE names, else `kustomize.real` in its own \
         folder, else the next on PATH that is not the wrapper itself (by device and inode), and found none. \
         `pleach facts DIR` takes the one that PLEACH_KUSTOMIZE names, else the first on PATH, and it did not start.",
    ),
    (
        "no-such-kind",
        "No function of this binary answers to that kind. `pleach list` names those that it holds.",
    ),
    (
        "no-such-page",
        "There is a page for each function, by its name or its kind, and one for each finding, by its id. \
         `pleach list` names the functions, `pleach docs` everything.",
    ),
    (
        "output-encrypted",
        "What kustomize built holds a SOPS token as a whole value (also in base64), or a resource with its `sops` \
         block. An API server takes a token under stringData as the password. A file that SopsDecrypt should \
         open stands under `resources:` or in a configMapGenerator, or its config is not listed.",
    ),
    (
        "output-unwoven",
        "A route still has the middleware pleach-unwoven, which stands where sign-in is due. Traefik serves no such \
         route. No ForwardAuth ran on it: list one, or look why its selection leaves the route out.",
    ),
    (
        "remote-unseen",
        "The wrapper looks for exec functions that kustomize would skip. What is remote is fetched by kustomize \
         alone and was not looked into; in a very large tree the search ends early.",
    ),
    (
        "unreadable-output",
        "What kustomize printed, and holds something that must be looked at, is no YAML that can be read, or is \
         beyond a limit. It does not pass unread.",
    ),
    (
        "wrapped-output",
        "The wrapper looks at what is built before anybody gets it. With --output kustomize writes it elsewhere.",
    ),
    (
        "not-built",
        "kustomize could not build a folder; what it said stands above. `pleach facts` calls it with \
         --enable-alpha-plugins and with PLEACH_SOPS=redact, so that no key is needed. Exec functions do not run.",
    ),
    (
        "not-installed",
        "`pleach install` copies the running binary and links the names of its functions. The folder must be \
         writable; a half-finished copy never stands under the final name.",
    ),
    (
        "stale-facts",
        "The committed ClusterFacts no longer say what the trees say; the message names each list and entry. Renew the \
         file by `pleach facts` over the same trees, and look at what changed: functions decide by it.",
    ),
    ("unreadable-tree", "A folder below the one that `pleach facts` reads cannot be listed."),
];

/// Every page, by its id, sorted.
pub fn all() -> Vec<(&'static str, &'static str)> {
    let mut all = [
        EXPLANATIONS,
        krm::explanation::EXPLANATIONS,
        krm::explanation::confinement::EXPLANATIONS,
        sops_decrypt::explanation::EXPLANATIONS,
        routes::explanation::EXPLANATIONS,
        external_dns::explanation::EXPLANATIONS,
        forward_auth::explanation::EXPLANATIONS,
        cert_manager::explanation::EXPLANATIONS,
        check::EXPLANATIONS,
    ]
    .concat();
    all.sort_unstable();
    all
}
