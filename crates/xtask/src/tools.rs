//! What the tests need besides Rust, and how it is installed when it is absent (Debian).

use crate::Res;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Debian package and how to see that it is there.
pub struct Need {
    package: &'static str,
    present: fn() -> bool,
}

/// Fonts for certificates.
pub const FONTS: &[Need] = &[Need { package: "fonts-noto-cjk", present: cjk_font }];

/// The second database.
pub const DATABASE: &[Need] = &[Need { package: "postgresql", present: || postgres_programs().is_some() }];

/// Everything that the whole test run needs.
pub const ALL: &[Need] = &[
    Need { package: "fonts-noto-cjk", present: cjk_font },
    Need { package: "postgresql", present: || postgres_programs().is_some() },
    // The engine without the browser around it: half of the processor's time of `chromium`, on which the tests run as well.
    Need {
        package: "chromium-headless-shell",
        present: || in_path("chromium-headless-shell") || in_path("chromium"),
    },
    Need { package: "default-jre-headless", present: || in_path("java") },
    Need { package: "openssl", present: || in_path("openssl") },
    Need { package: "poppler-utils", present: || in_path("pdfsig") },
    Need { package: "qpdf", present: || in_path("qpdf") },
    Need { package: "python3-venv", present: python_venv },
    Need { package: "nodejs", present: || in_path("node") },
    Need { package: "npm", present: || in_path("npm") },
    Need { package: "unzip", present: || in_path("unzip") },
];

/// What pictures of pages need.
pub const BROWSER: &[Need] = &[
    Need { package: "fonts-noto-cjk", present: cjk_font },
    Need { package: "chromium", present: || in_path("chromium") || in_path("chromium-headless-shell") },
    Need { package: "nodejs", present: || in_path("node") },
    Need { package: "npm", present: || in_path("npm") },
];

/// Installs what is absent; says what to do when it may not.
pub fn ensure(needs: &[Need]) -> Res<()> {
    let absent = |needs: &[Need]| -> Vec<&'static str> {
        needs.iter().filter(|n| !(n.present)()).map(|n| n.package).collect()
    };
    let packages = absent(needs);
    if packages.is_empty() {
        return Ok(());
    }
    println!("installing {}", packages.join(" "));
    let root = is_root();
    let apt = |words: &[&str]| {
        let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
        if !root {
            command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(words).stdin(Stdio::null());
        command.status().is_ok_and(|s| s.success())
    };
    let updated = apt(&["update", "-q"]);
    let mut words = vec!["install", "-y", "-q", "--no-install-recommends"];
    words.extend(&packages);
    let installed = updated && apt(&words);
    let still = absent(needs);
    if still.is_empty() {
        return Ok(());
    }
    let why = if installed { "installed, but not found" } else { "absent, and I may not install them" };
    Err(format!("{why}: {0}\n  run: sudo apt-get install --no-install-recommends {0}", still.join(" ")))
}

/// A command that is asked to stop when we end, however we end.
pub fn tethered(program: &Path) -> Command {
    if !in_path("setpriv") {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

/// Whether we are root, who may install and who must not run PostgreSQL.
pub fn is_root() -> bool {
    let out = Command::new("id").arg("-u").output();
    out.is_ok_and(|o| o.stdout.trim_ascii() == b"0")
}

/// Whether a program can be called by its name.
pub fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// The folder of PostgreSQL's own programs, the newest from 15 on.
pub fn postgres_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let found =
        versions.filter_map(|e| Some((e.file_name().to_str()?.parse::<u32>().ok()?, e.path().join("bin"))));
    found.filter(|(version, bin)| *version >= 15 && bin.join("initdb").is_file()).max().map(|(_, bin)| bin)
}

fn cjk_font() -> bool {
    let home = std::env::var("HOME").unwrap_or_default();
    let folders =
        ["/usr/share/fonts".to_owned(), "/usr/local/share/fonts".to_owned(), format!("{home}/.fonts")];
    let marks = ["CJK", "SourceHan", "wqy", "PingFang", "NotoSansSC"];
    let fonts = folders.iter().flat_map(|f| crate::tree::files(Path::new(f), &[".ttc", ".otf", ".ttf"]));
    fonts.into_iter().any(|f| marks.iter().any(|m| f.to_string_lossy().contains(m)))
}

fn python_venv() -> bool {
    let mut python = Command::new("python3");
    python.args(["-c", "import venv, ensurepip"]).stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|s| s.success())
}

/// The packages that the browser tests are locked to.
pub fn node_packages(root: &Path) -> Res<()> {
    let e2e = root.join("e2e");
    let lock = crate::tree::text(&e2e.join("package-lock.json"));
    let stamp = e2e.join("node_modules/.installed-lock.json");
    if !lock.is_empty() && crate::tree::text(&stamp) == lock {
        return Ok(());
    }
    println!("npm ci in e2e/");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&e2e).stdin(Stdio::null());
    if !npm.status().is_ok_and(|s| s.success()) {
        return Err("npm ci in e2e/ failed; see above".to_owned());
    }
    std::fs::write(&stamp, lock).map_err(|e| format!("writing {}: {e}", stamp.display()))
}

/// pyHanko in an environment of its own under `target/`; answers its program.
pub fn pyhanko(root: &Path) -> Res<PathBuf> {
    Ok(environment(root, "venv", "requirements.txt")?.join("bin/pyhanko"))
}

/// A Python with pm4py, in an environment of its own under `target/`.
pub fn pm4py(root: &Path) -> Res<PathBuf> {
    Ok(environment(root, "venv-pm4py", "requirements-pm4py.txt")?.join("bin/python"))
}

/// An environment `target/{name}` with what `e2e/{list}` names, made anew when that list changes.
fn environment(root: &Path, name: &str, list: &str) -> Res<PathBuf> {
    let folder = format!("target/{name}");
    let (place, list) = (root.join(&folder), format!("e2e/{list}"));
    let wanted = crate::tree::text(&root.join(&list));
    let stamp = place.join("requirements.txt");
    if !wanted.is_empty() && crate::tree::text(&stamp) == wanted {
        return Ok(place);
    }
    println!("making {folder} with what {list} names");
    let run = |program: &Path, words: &[&str]| {
        let done = Command::new(program).args(words).current_dir(root).stdin(Stdio::null()).status();
        if done.is_ok_and(|s| s.success()) {
            Ok(())
        } else {
            Err(format!("{} {} failed", program.display(), words.join(" ")))
        }
    };
    run(Path::new("python3"), &["-m", "venv", "--clear", &folder])?;
    run(&place.join("bin/pip"), &["install", "--quiet", "--disable-pip-version-check", "-r", &list])?;
    std::fs::write(&stamp, wanted).map_err(|e| format!("writing {}: {e}", stamp.display()))?;
    Ok(place)
}
