//! Everything that is said to a user: the stderr lines and the KRM `results[]` entry of one thing.

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Identity;

/// How bad a finding is; the words of the KRM specification (functions-spec.md, `results[].severity`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Stops the build.
    Error,
    /// Said, and the build goes on.
    Warning,
    /// For the curious.
    Info,
}

impl Severity {
    /// The word of the specification.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Something that is said to the user. Displays as its `error:` (`warning:`, `info:`) line and, below, its `hint:` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// Its stable id, kebab-case: `pleach docs ID` explains it.
    pub id: &'static str,
    /// What. Lower case, no full stop, never a secret's value.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The resource, when there is one.
    pub resource: Option<Identity>,
    /// The field, as a path (`spec.secrets[1].files`).
    pub field: Option<String>,
    /// The file, relative to the repository, and the line (from 1).
    pub file: Option<(PathBuf, Option<u32>)>,
}

impl Finding {
    fn new(severity: Severity, id: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            id,
            message: message.into(),
            hint: None,
            resource: None,
            field: None,
            file: None,
        }
    }

    /// One that stops the build.
    pub fn error(id: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, id, message)
    }

    /// One that is said, and the build goes on.
    pub fn warning(id: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, id, message)
    }

    /// One for the curious.
    pub fn info(id: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, id, message)
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the resource.
    #[must_use]
    pub fn on(mut self, resource: Identity) -> Self {
        self.resource = Some(resource);
        self
    }

    /// Names the field, as a path.
    #[must_use]
    pub fn field(mut self, path: impl Into<String>) -> Self {
        self.field = Some(path.into());
        self
    }

    /// Names the file, relative to the repository.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.file = Some((path.as_ref().to_owned(), None));
        self
    }

    /// Names the file, relative to the repository, and the line (from 1).
    #[must_use]
    pub fn line(mut self, path: impl AsRef<Path>, line: u32) -> Self {
        self.file = Some((path.as_ref().to_owned(), Some(line)));
        self
    }

    /// The entry in `results` of a ResourceList (functions-spec.md, `results`).
    pub fn result(&self) -> Value {
        let mut result = json!({"message": self.message, "severity": self.severity.word()});
        if let Some(id) = &self.resource {
            result["resourceRef"] = json!({
                "apiVersion": id.api_version, "kind": id.kind, "name": id.name, "namespace": id.namespace,
            });
        }
        if let Some(field) = &self.field {
            result["field"] = json!({"path": field});
        }
        if let Some((path, _)) = &self.file {
            result["file"] = json!({"path": path.to_string_lossy()});
        }
        let mut tags = json!({"id": self.id});
        if let Some(hint) = &self.hint {
            tags["hint"] = json!(hint);
        }
        if let Some((_, Some(line))) = &self.file {
            tags["line"] = json!(line.to_string());
        }
        result["tags"] = tags;
        result
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.severity.word())?;
        match &self.file {
            Some((path, Some(line))) => write!(f, "{}:{line}: ", path.display())?,
            Some((path, None)) => write!(f, "{}: ", path.display())?,
            None => {}
        }
        if let Some(resource) = &self.resource {
            write!(f, "{resource}: ")?;
        }
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        writeln!(f, "{}", self.message)?;
        if let Some(hint) = &self.hint {
            writeln!(f, "hint: {hint}")?;
        }
        Ok(())
    }
}
