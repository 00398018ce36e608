//! Which branch is the one that changes go to.

use super::{NoBase, Revision, git::Git};

/// The main branch, as far as this repository knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MainBranch {
    /// Such as `origin/main`.
    pub name: String,
    /// What it points to.
    pub commit: String,
}

impl MainBranch {
    /// Its tip.
    #[must_use]
    pub fn tip(&self) -> Revision {
        Revision { commit: self.commit.clone(), name: format!("tip of {}", self.name) }
    }
}

/// The main branch by its usual names, those of the remote first: a local branch may be behind.
///
/// `target` is the branch that a hosted workflow says a pull request goes to (`GITHUB_BASE_REF`).
pub(super) fn find(
    git: &Git,
    remote: Option<&str>,
    target: Option<&str>,
) -> Result<Option<MainBranch>, NoBase> {
    if let (Some(remote), Some(target)) = (remote, target) {
        // Another branch would be the wrong one.
        return first(git, &[format!("refs/remotes/{remote}/{target}")]);
    }
    let remote = remote.unwrap_or("origin");
    let usual = [
        format!("refs/remotes/{remote}/HEAD"),
        format!("refs/remotes/{remote}/main"),
        "refs/heads/main".to_owned(),
        format!("refs/remotes/{remote}/master"),
        "refs/heads/master".to_owned(),
    ];
    if let Some(found) = first(git, &usual)? {
        return Ok(Some(found));
    }
    // Where nothing was ever shared, the only branch is the main one, whatever its name.
    let all = branches(git, &["refs/heads".to_owned(), "refs/remotes".to_owned()])?;
    match all.as_slice() {
        [(name, only)] if name.starts_with("refs/heads/") => Ok(Some(only.clone())),
        _ => Ok(None),
    }
}

fn first(git: &Git, names: &[String]) -> Result<Option<MainBranch>, NoBase> {
    let there = branches(git, names)?;
    let mut found = names.iter().filter_map(|name| there.iter().find(|(there, _)| there == name));
    Ok(found.next().map(|(_, branch)| branch.clone()))
}

/// The branches below these names, each with its full name.
fn branches(git: &Git, names: &[String]) -> Result<Vec<(String, MainBranch)>, NoBase> {
    let format = "--format=%(objectname) %(refname) %(symref)".to_owned();
    let answer = git.ask(["for-each-ref".to_owned(), format].iter().chain(names))?;
    let text = String::from_utf8_lossy(&answer.output);
    let branch = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (commit, full, leads_to) = (parts.next()?, parts.next()?, parts.next()?);
        let name = if leads_to.is_empty() { full } else { leads_to };
        let name = name.strip_prefix("refs/heads/").or(name.strip_prefix("refs/remotes/"))?;
        Some((full.to_owned(), MainBranch { name: name.to_owned(), commit: commit.to_owned() }))
    };
    Ok(text.lines().filter_map(branch).collect())
}
