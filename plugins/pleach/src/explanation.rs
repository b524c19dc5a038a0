//! The page of each finding: `pleach docs ID` prints it.

/// (id, page) of what the command line itself says.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "doctor",
        "`pleach doctor` found something that would stop a build here; its lines that begin with `error` \
         say what, and what to do.",
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
        "not-installed",
        "`pleach install` copies the running binary and links the names of its functions. The folder must be \
         writable; a half-finished copy never stands under the final name.",
    ),
];

/// Every page, by its id, sorted.
pub fn all() -> Vec<(&'static str, &'static str)> {
    let mut all = [
        EXPLANATIONS,
        krm::explanation::EXPLANATIONS,
        krm::explanation::confinement::EXPLANATIONS,
        sops_decrypt::explanation::EXPLANATIONS,
        routes::explanation::EXPLANATIONS,
        check::EXPLANATIONS,
    ]
    .concat();
    all.sort_unstable();
    all
}
