//! Everything that stops a run: each failure is said, not only the first, so that one build shows all there is to mend.

use krm::{Finding, ResourceList};

/// How many are said one by one. A key that is missing fails every file, each with the places where it was looked for.
const SHOWN: usize = 20;

/// What stops a run, in the order in which it was found.
#[derive(Default)]
pub(crate) struct Failures(Vec<Finding>);

impl Failures {
    /// Keeps what failed; what did not is handed on.
    pub(crate) fn keep<T>(&mut self, outcome: Result<T, Box<Finding>>) -> Option<T> {
        outcome.map_err(|finding| self.0.push(*finding)).ok()
    }

    /// Stops the run when anything failed: all but the last are said here, that one is returned.
    pub(crate) fn stop(mut self, list: &mut ResourceList) -> Result<(), Box<Finding>> {
        let rest = self.0.len().saturating_sub(SHOWN);
        if rest > 0 {
            self.0.truncate(SHOWN);
            self.0.push(
                Finding::error("more-failures", format!("{rest} more failures are not shown"))
                    .hint("mend those that are; often they have one cause"),
            );
        }
        let Some(stopping) = self.0.pop() else { return Ok(()) };
        self.0.into_iter().for_each(|finding| list.say(finding));
        Err(Box::new(stopping))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many are said, and the one that stops the run.
    fn said(count: usize) -> (usize, Option<String>) {
        let mut failures = Failures::default();
        for number in 1..=count {
            let failed = Finding::error("no-name", format!("failure {number}"));
            assert_eq!(failures.keep::<()>(Err(Box::new(failed))), None);
        }
        assert_eq!(failures.keep(Ok(7)), Some(7));
        let mut list = ResourceList::default();
        let stopped = failures.stop(&mut list).err().map(|finding| finding.message);
        (list.findings().len(), stopped)
    }

    #[test]
    fn every_failure_is_said_and_the_last_one_stops_the_run() {
        assert_eq!(said(0), (0, None));
        assert_eq!(said(1), (0, Some("failure 1".to_owned())));
        assert_eq!(said(20), (19, Some("failure 20".to_owned())));
    }

    #[test]
    fn beyond_twenty_the_rest_is_counted() {
        assert_eq!(said(21), (20, Some("1 more failures are not shown".to_owned())));
        assert_eq!(said(120), (20, Some("100 more failures are not shown".to_owned())));
    }
}
