//! Style that is executed: the floors of the house, and files that can be read at one go.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::{Path, PathBuf};

/// More is more than one sitting.
const LINES_MAX: usize = 520;

/// What each floor may import of the others. Nothing points up.
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("journal", &[]),
    ("store", &["domain", "journal"]),
    ("release", &["domain", "journal", "store"]),
    ("history", &["domain", "journal", "store"]),
    ("jobs", &["domain", "journal", "media", "store", "release", "history"]),
    ("config", &["clock", "domain", "platforms"]),
    ("platforms", &["config"]),
    ("media", &["config", "domain", "post_file"]),
    ("post_file", &["config", "domain", "media"]),
    ("office", &["config", "domain", "jobs", "journal", "media", "platforms", "post_file", "release", "store"]),
    (
        "web",
        &[
            "clock",
            "config",
            "domain",
            "history",
            "jobs",
            "journal",
            "media",
            "office",
            "post_file",
            "release",
            "store",
        ],
    ),
];

fn sources(under: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn an_import_never_points_up() {
    let mut wrong = Vec::new();
    for (floor, below) in FLOORS {
        let mut files = vec![PathBuf::from(format!("src/{floor}.rs"))];
        if Path::new("src").join(floor).is_dir() {
            files.extend(sources(&Path::new("src").join(floor)));
        }
        for file in files.iter().filter(|f| f.is_file()) {
            for (line, text) in std::fs::read_to_string(file).unwrap().lines().enumerate() {
                let Some(rest) = text.split("crate::").nth(1) else { continue };
                let module: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                let is_ours = FLOORS.iter().any(|(known, _)| *known == module) || module == "cli";
                if is_ours && module != *floor && !below.contains(&module.as_str()) {
                    wrong.push(format!("{}:{}: {floor} imports {module}", file.display(), line + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_can_be_read_at_one_go() {
    let mut long = Vec::new();
    for folder in ["src", "adapters", "tests", "benches"] {
        for file in sources(Path::new(folder)) {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            if lines > LINES_MAX {
                long.push(format!("{} has {lines} lines", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn an_adapter_knows_its_platform_and_the_contract_alone() {
    for entry in std::fs::read_dir("adapters").unwrap() {
        let manifest = entry.unwrap().path().join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).unwrap();
        let dependencies = text.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default();
        let sandbox = manifest.starts_with("adapters/sandbox");
        for line in dependencies.lines() {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            let foreign =
                name == "sqlx" || name == "vestnik" || (name.starts_with("vestnik-") && name != "vestnik-contract");
            assert!(!foreign && (sandbox || name != "axum"), "{} depends on {name}", manifest.display());
        }
    }
}

/// `tests/simulation/planted/run` takes the better part of an hour: that it has something to plant is seen here.
#[test]
fn every_planted_bug_can_still_be_planted() {
    let folder = std::fs::read_dir("tests/simulation/planted").unwrap();
    let patches: Vec<_> =
        folder.map(|entry| entry.unwrap().path()).filter(|p| p.extension() == Some("patch".as_ref())).collect();
    assert!(patches.len() >= 20, "{patches:?}");
    for patch in patches {
        let applied = std::process::Command::new("git").args(["apply", "--check"]).arg(&patch).output().unwrap();
        assert!(applied.status.success(), "{}: {}", patch.display(), String::from_utf8_lossy(&applied.stderr));
    }
}
