//! What a change of the contract asks of its version.

use semver::Version;

/// By how much the version has to rise; the greatest is the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rise {
    /// Nothing changed, or only what people read.
    #[default]
    Nothing,
    /// Something was added.
    Minor,
    /// Something was broken.
    Major,
}

impl Rise {
    /// Whether `head` has risen by this much since `base`.
    ///
    /// Before 1.0.0, the part after the major one counts for it. A pre-release promises nothing: it
    /// may break, but not keep its name.
    #[must_use]
    pub fn is_met(self, base: &Version, head: &Version) -> bool {
        if self == Self::Nothing || (!base.pre.is_empty() && is_higher(base, head)) {
            return true;
        }
        let part = self.part(base);
        parts(head)[..=part] > parts(base)[..=part]
    }

    /// The least version that has risen by this much.
    #[must_use]
    pub fn next(self, base: &Version) -> Version {
        if self == Self::Nothing {
            return base.clone();
        }
        if !base.pre.is_empty() {
            return Version::new(base.major, base.minor, base.patch);
        }
        let mut next = parts(base);
        let part = self.part(base);
        next[part] = next[part].saturating_add(1);
        next[part + 1..].fill(0);
        Version::new(next[0], next[1], next[2])
    }

    /// Which part of the version it is.
    fn part(self, base: &Version) -> usize {
        let part = usize::from(self != Self::Major);
        if base.major == 0 { part + 1 } else { part }
    }
}

/// Whether it is lower, whatever was built of it.
#[must_use]
pub fn is_lower(base: &Version, head: &Version) -> bool {
    head.cmp_precedence(base).is_lt()
}

fn is_higher(base: &Version, head: &Version) -> bool {
    head.cmp_precedence(base).is_gt()
}

fn parts(version: &Version) -> [u64; 3] {
    [version.major, version.minor, version.patch]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[track_caller]
    fn assert_met(rise: Rise, base: &str, heads: &[&str], not: &[&str]) {
        for head in heads {
            assert!(rise.is_met(&version(base), &version(head)), "{base} to {head}");
        }
        for head in not {
            assert!(!rise.is_met(&version(base), &version(head)), "{base} to {head}");
        }
    }

    #[test]
    fn a_break_raises_the_major_part() {
        assert_met(Rise::Major, "1.4.2", &["2.0.0", "3.1.0", "2.0.0-rc.1"], &["1.5.0", "1.4.2"]);
        assert_eq!(Rise::Major.next(&version("1.4.2")), version("2.0.0"));
    }

    #[test]
    fn an_addition_raises_the_minor_part() {
        assert_met(Rise::Minor, "1.4.2", &["1.5.0", "2.0.0"], &["1.4.2", "1.4.3", "0.9.0"]);
        assert_eq!(Rise::Minor.next(&version("1.4.2")), version("1.5.0"));
    }

    #[test]
    fn before_the_first_release_the_minor_part_counts_as_the_major_one() {
        assert_met(Rise::Major, "0.4.2", &["0.5.0", "1.0.0"], &["0.4.3"]);
        assert_met(Rise::Minor, "0.4.2", &["0.4.3", "0.5.0"], &["0.4.2"]);
        assert_eq!(Rise::Major.next(&version("0.4.2")), version("0.5.0"));
        assert_eq!(Rise::Minor.next(&version("0.4.2")), version("0.4.3"));
    }

    #[test]
    fn a_pre_release_may_break_what_it_was_before() {
        assert_met(Rise::Major, "2.0.0-rc.1", &["2.0.0-rc.2", "2.0.0"], &["2.0.0-rc.1"]);
        assert_eq!(Rise::Major.next(&version("2.0.0-rc.1")), version("2.0.0"));
    }

    #[test]
    fn what_was_built_of_a_version_does_not_make_it_lower() {
        assert!(!is_lower(&version("1.0.0+2"), &version("1.0.0+1")));
        assert!(is_lower(&version("1.0.0"), &version("1.0.0-rc.1")));
    }
}
