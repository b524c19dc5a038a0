//! What `pleach secrets` found, and how it is said.

use std::fmt;

use krm::{Finding, Severity};

/// The outcome of one run. Displays as its findings and one line that sums up.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order of files and lines.
    pub findings: Vec<Finding>,
    /// Files looked at.
    pub files: usize,
    /// How many of them are encrypted with sops.
    pub encrypted: usize,
    /// Findings that `.pleach.yaml` allows.
    pub allowed: usize,
}

impl Report {
    /// Whether nothing stands against a commit: warnings do not.
    pub fn passed(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            write!(f, "{finding}")?;
        }
        let many = |count: usize, what: &str| {
            format!("{count} {what}{}", if count == 1 { "" } else { "s" })
        };
        let errors = self.count(Severity::Error);
        let warnings = self.count(Severity::Warning);
        write!(
            f,
            "{} checked, {} encrypted: {}",
            many(self.files, "file"),
            self.encrypted,
            many(errors, "error")
        )?;
        if warnings > 0 {
            write!(f, ", {}", many(warnings, "warning"))?;
        }
        if self.allowed > 0 {
            write!(f, ", {} allowed by .pleach.yaml", self.allowed)?;
        }
        writeln!(f)
    }
}
