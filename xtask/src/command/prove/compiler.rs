//! Compiles sources against what generated clients need, which is compiled once; what was tried
//! before is not tried again.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::cargo;

const PROBE: &str = "client-probe";

/// A compiler with all that generated clients name.
#[derive(Debug)]
pub(super) struct Compiler {
    arguments: Vec<String>,
    /// What the outcome depends on beside the source.
    environment: String,
    folder: PathBuf,
}

/// Whether a source compiles, and what the compiler said if not.
pub(super) type Compiled = Result<(), String>;

impl Compiler {
    /// Compiles what generated clients need.
    ///
    /// # Errors
    /// When that does not compile, or the folder for the outcomes can't be made.
    pub(super) fn new(root: &Path) -> anyhow::Result<Self> {
        let libraries = libraries(root)?;
        let folder = root.join("target/prove");
        fs::create_dir_all(&folder)
            .with_context(|| format!("{} can't be made", folder.display()))?;
        let mut arguments: Vec<String> =
            ["--edition=2024", "--crate-type=lib", "--emit=metadata", "--cap-lints=allow"]
                .map(str::to_owned)
                .into();
        for (name, file) in &libraries {
            arguments.push(format!("--extern={name}={}", file.display()));
            if let Some(folder) = file.parent() {
                arguments.push(format!("-Ldependency={}", folder.display()));
            }
        }
        arguments.sort();
        arguments.dedup();
        let version =
            Command::new("rustc").arg("-vV").output().context("rustc can't be started")?;
        let environment =
            format!("{} {}", String::from_utf8_lossy(&version.stdout), arguments.join(" "));
        Ok(Self { arguments, environment, folder })
    }

    /// Compiles a source, unless its outcome is known.
    ///
    /// # Errors
    /// When the compiler can't be started, or files can't be written.
    pub(super) fn compile(&self, source: &str) -> anyhow::Result<Compiled> {
        let mut hash = Sha256::new();
        hash.update(&self.environment);
        hash.update(source);
        let outcome = self.folder.join(format!("{}.txt", URL_SAFE_NO_PAD.encode(hash.finalize())));
        if let Ok(said) = fs::read_to_string(&outcome) {
            return Ok(if said.is_empty() { Ok(()) } else { Err(said) });
        }
        let workplace = tempfile::tempdir_in(&self.folder)?;
        let file = workplace.path().join("caller.rs");
        fs::write(&file, source)?;
        let output = Command::new("rustc")
            .args(&self.arguments)
            .arg("--out-dir")
            .arg(workplace.path())
            .arg(&file)
            .output()
            .context("rustc can't be started")?;
        let said = if output.status.success() {
            String::new()
        } else {
            String::from_utf8_lossy(&output.stderr).into_owned()
        };
        // Whoever looks for it meanwhile finds all of it or nothing.
        let new = workplace.path().join("outcome.txt");
        fs::write(&new, &said)?;
        fs::rename(new, outcome)?;
        Ok(if said.is_empty() { Ok(()) } else { Err(said) })
    }
}

/// The names under which the probe depends on libraries, and the file of each.
fn libraries(root: &Path) -> anyhow::Result<HashMap<String, PathBuf>> {
    let names = dependencies(root)?;
    let mut build = cargo::command(root);
    build.args(["build", "--locked", "--package", PROBE, "--message-format=json"]);
    let mut libraries = HashMap::new();
    for message in said(&mut build)?.lines() {
        let Ok(message) = serde_json::from_str::<Value>(message) else { continue };
        let package = message["package_id"].as_str().unwrap_or_default();
        let Some(name) = names.get(package) else { continue };
        let files = message["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let library = files.map(PathBuf::from).find(|it| it.extension() == Some("rlib".as_ref()));
        if let Some(library) = library {
            libraries.insert(name.clone(), library);
        }
    }
    if libraries.len() < names.len() {
        bail!("{PROBE} has {} dependencies, and {} libraries", names.len(), libraries.len());
    }
    Ok(libraries)
}

/// The packages that the probe depends on, and the name of each there.
fn dependencies(root: &Path) -> anyhow::Result<HashMap<String, String>> {
    let mut metadata = cargo::command(root);
    metadata.args(["metadata", "--locked", "--format-version=1"]);
    let metadata: Value = serde_json::from_str(&said(&mut metadata)?)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let probe = packages.filter(|it| it["name"] == PROBE).map(|it| text(&it["id"])).next();
    let probe = probe.with_context(|| format!("{PROBE} is no member of the workspace"))?;
    let mut nodes = metadata["resolve"]["nodes"].as_array().into_iter().flatten();
    let node = nodes.find(|it| it["id"] == probe.as_str());
    let dependencies = node.and_then(|it| it["deps"].as_array()).into_iter().flatten();
    Ok(dependencies.map(|it| (text(&it["pkg"]), text(&it["name"]))).collect())
}

/// What a program prints.
fn said(program: &mut Command) -> anyhow::Result<String> {
    let name = program.get_program().display().to_string();
    let output = program.output().with_context(|| format!("{name} can't be started"))?;
    if !output.status.success() {
        bail!("{name}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
