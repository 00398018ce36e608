//! One step of a command that runs several programs: announced, timed, and repeatable by hand.

use std::{ffi::OsStr, io::Write, process::Command, time::Instant};

use anyhow::{Context, bail};

/// Runs `work` between its announcement and its duration.
///
/// # Errors
/// What `work` fails with, and how to repeat it.
pub fn run(
    out: &mut dyn Write,
    line: &str,
    work: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    writeln!(out, "\n==> {line}")?;
    out.flush()?;
    let start = Instant::now();
    work(out).with_context(|| format!("this step failed; to repeat it: {line}"))?;
    writeln!(out, "<== {:.1} s", start.elapsed().as_secs_f64())?;
    Ok(())
}

/// Runs a program as a step. Its output goes where ours goes.
///
/// # Errors
/// When it can't be started or does not succeed.
pub fn run_program(out: &mut dyn Write, program: &mut Command) -> anyhow::Result<()> {
    let line = line(program);
    run(out, &line, |_| {
        let status = program.status().context("it can't be started")?;
        if !status.success() {
            bail!("{status}");
        }
        Ok(())
    })
}

/// The command as one would type it.
fn line(program: &Command) -> String {
    let set = program.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let set = set.map(|(name, value)| format!("{}={}", name.display(), quoted(value)));
    let name = std::path::Path::new(program.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(name).chain(program.get_args()).map(quoted);
    set.chain(words).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.contains(' ') { format!("'{word}'") } else { word.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_announced_as_one_would_type_it() {
        let mut out = Vec::new();
        let program = &mut Command::new("/bin/true");
        run_program(&mut out, program.arg("a").env("B", "c d").env_remove("E")).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("\n==> B='c d' true a\n<== "), "{out}");
    }

    #[test]
    fn a_step_that_fails_says_how_to_repeat_it() {
        let error = run_program(&mut Vec::new(), &mut Command::new("false")).unwrap_err();
        assert_eq!(format!("{error:#}"), "this step failed; to repeat it: false: exit status: 1");
    }
}
