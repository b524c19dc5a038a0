//! Documents of one file that were not encrypted together.

use krm::Finding;
use yaml::{Data, Scalar};

use crate::rule::{Rule, Subject};

pub(crate) const RULE: Rule = Rule {
    id: "sealed-apart",
    page: "sops encrypts all documents of a file together: one data key, one MAC over all of them, the same metadata in \
        each. Here a document carries none (it was added in the clear), or another's (the files were encrypted apart \
        and put together). sops reads the first document's metadata only, and refuses the rest.\n\n\
        Split the file, or decrypt its parts, put them together in the clear, and encrypt the whole.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let source = subject.source;
    let Some(first) = source.seals.iter().position(Option::is_some) else { return Vec::new() };
    let mut findings = Vec::new();
    for (index, (document, seal)) in source.documents.iter().zip(&source.seals).enumerate() {
        let reference = source.seals[first].as_ref();
        let what = match seal {
            None if matches!(document.root.data, Data::Scalar(Scalar::Null)) => continue,
            None => format!("document {} stands in the clear beside encrypted ones", index + 1),
            Some(seal)
                if reference.is_some_and(|first| {
                    (&first.mac, &first.last_modified) != (&seal.mac, &seal.last_modified)
                }) =>
            {
                format!("documents {} and {} were encrypted apart", first + 1, index + 1)
            }
            Some(_) => continue,
        };
        findings.push(
            Finding::error(RULE.id, what)
                .line(&source.path, document.root.position.line)
                .hint("split the file, or put the documents together in the clear and encrypt them as one"),
        );
    }
    findings
}
