//! Versions of controllers, as the tags of their images write them.

/// A version as far as facts depend on it: `0.22` of `v0.22.0-rc.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
}

impl Version {
    /// The first release of a line.
    pub const fn of(major: u64, minor: u64) -> Self {
        Self { major, minor, patch: 0 }
    }

    /// A release.
    pub const fn release(major: u64, minor: u64, patch: u64) -> Self {
        Self { major, minor, patch }
    }

    /// Reads `v3.7.9`, `3.7` or `0.22.0-debian-12-r3`; `None` for a tag that moves or is none (`latest`, `v3`, a digest).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split(['-', '+', '_']).next()?;
        let mut parts = numbers.split('.').map(|part| part.parse().ok());
        let version = Self {
            major: parts.next()??,
            minor: parts.next()??,
            patch: parts.next().unwrap_or(Some(0))?,
        };
        parts.next().is_none().then_some(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_what_is_no_version_is_none() {
        assert_eq!(Version::parse("v3.7.9"), Some(Version::release(3, 7, 9)));
        assert_eq!(Version::parse("0.22.0-debian-12-r3"), Some(Version::of(0, 22)));
        assert_eq!(Version::parse("1.20"), Some(Version::of(1, 20)));
        for none in ["", "latest", "v3", "3", "sha-abc", "1.2.3.4", "1.x.0", "20240102"] {
            assert_eq!(Version::parse(none), None, "{none}");
        }
        assert!(Version::of(0, 9) < Version::of(0, 20));
        assert!(Version::of(1, 0) > Version::of(0, 22));
    }
}
