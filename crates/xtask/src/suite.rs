//! `cargo xtask test` and `cargo xtask prove`: every part runs even when one before it failed, so that all is seen.

use crate::cluster::{Cluster, Durable};
use crate::house::{self, House};
use crate::stage::Stages;
use crate::{Res, room, tidy, tools};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// A feature that only a bench by hand uses, so that it does not rot; its typesetter is built for `app` anyway.
const PAPER: &str = "--features=bench/paper";
const KILLS_IN_TEST: u32 = 20;
const KILLS_IN_PROOF: u32 = 200;

/// Where things are during a run.
struct Site {
    house: House,
    yimen: PathBuf,
    begun: Instant,
}

impl Site {
    fn survey() -> Res<Self> {
        let house = house::survey(&house::root()?)?;
        let yimen = house.target.join("debug/yimen");
        Ok(Self { house, yimen, begun: Instant::now() })
    }

    fn cargo(&self, words: &[&str]) -> Command {
        let mut command = house::cargo();
        command.args(words).current_dir(&self.house.root).env("CARGO_TERM_COLOR", "never");
        command
    }

    /// Cargo with clippy in the place of the compiler for what is ours: lints and binaries come from one pass, where `cargo clippy`
    /// would go over all of it, and over the dependencies, once more. Cargo keeps what this makes apart from plain builds.
    fn linting(&self, words: &[&str]) -> Command {
        let mut command = self.cargo(words);
        command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
        command.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
        command
    }

    fn yimen(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.yimen);
        command.args(words).current_dir(&self.house.root);
        command
    }

    /// A script of `e2e/`, which ends when we end.
    fn node(&self, script: &str, words: &[&str]) -> Command {
        let mut command = tools::tethered(Path::new("node"));
        command.arg(self.house.root.join("e2e").join(script)).args(words);
        command.current_dir(&self.house.root).env("YIMEN_BIN", &self.yimen).env_remove("YIMEN_DATABASE");
        command
    }
}

/// Everything that CI runs; `fast` leaves the browser and the kill test out.
pub fn test(fast: bool) -> Res<bool> {
    let site = Site::survey()?;
    let mut stages = Stages::default();
    stages.check("tools", || tools::ensure(tools::ALL).map(|()| true));
    let mut pyhanko = None;
    stages.check("PDF verifier", || {
        pyhanko = Some(tools::pyhanko(&site.house.root)?);
        Ok(true)
    });
    let cluster = start(&mut stages, Durable::No);
    stages.run("format", &mut site.cargo(&["fmt", "--all", "--check"]));
    stages.check("tidy", || tidy::run(false));
    let build = ["build", "--workspace", "--all-targets", PAPER, "--locked", "--quiet"];
    let clean = stages.run("clippy and build", &mut site.linting(&build));
    // What clippy complains about may run all the same.
    let built = clean || stages.run("build", &mut site.cargo(&build));
    rooms(&site, &mut stages, clean, cluster.as_ref(), pyhanko.as_deref());
    if built {
        stages.run("packs: check", &mut site.yimen(&["pack", "check", "packs"]));
        stages.run("packs: examples", &mut site.yimen(&["pack", "test", "packs"]));
    } else {
        stages.skip("packs", "the program was not built");
    }
    if !fast {
        stages.check("a new room", || room::trial(&site.house));
        pm4py(&site, &mut stages);
        outside(&site, &mut stages, cluster.as_ref(), built, pyhanko.as_deref());
    }
    drop(cluster);
    Ok(stages.close(site.begun))
}

/// The tests of every room, on both databases; `clean` when the linted build can be used.
fn rooms(site: &Site, stages: &mut Stages, clean: bool, cluster: Option<&Cluster>, pyhanko: Option<&Path>) {
    let nextest = tools::in_path("cargo-nextest");
    let words: &[&str] = match nextest {
        true => {
            &["nextest", "run", "--workspace", PAPER, "--locked", "--no-fail-fast", "--status-level", "slow"]
        }
        false => &["test", "--workspace", PAPER, "--locked", "--no-fail-fast", "--quiet"],
    };
    let mut command = if clean { site.linting(words) } else { site.cargo(words) };
    command.env("NEXTEST_HIDE_PROGRESS_BAR", "1");
    command.envs(pyhanko.map(|p| ("YIMEN_PYHANKO", p)));
    if let Some(cluster) = cluster {
        command.env("YIMEN_TEST_POSTGRES", cluster.url("postgres"));
    }
    // The room `records` writes the event log that pm4py reads.
    let log = event_log(site);
    let _ = std::fs::remove_file(&log);
    stages.run("rooms", command.env("YIMEN_PM4PY_LOG", log));
}

fn event_log(site: &Site) -> PathBuf {
    site.house.target.join("pm4py.xes")
}

/// The browser and the kill test, on both databases.
fn outside(site: &Site, stages: &mut Stages, cluster: Option<&Cluster>, built: bool, pyhanko: Option<&Path>) {
    if !built {
        return stages.skip("browser and kill test", "the program was not built");
    }
    let root = site.house.root.clone();
    let ready = stages.check("browser tools", || tools::node_packages(&root).map(|()| true));
    if ready {
        on_both(stages, cluster, "browser", "browser", |database| {
            let mut node = site.node("run.mjs", &[]);
            node.envs(pyhanko.map(|p| ("YIMEN_PYHANKO", p)));
            node.envs(database.map(|url| ("YIMEN_DATABASE", url)));
            node
        });
    }
    kills(site, stages, cluster, KILLS_IN_TEST);
}

/// The event log of a house, read by the program that those who mine processes use.
fn pm4py(site: &Site, stages: &mut Stages) {
    let log = event_log(site);
    let written = log.is_file();
    let mut python = None;
    stages.check("pm4py", || {
        python = Some(tools::pm4py(&site.house.root)?);
        Ok(true)
    });
    match python.filter(|_| written) {
        Some(python) => {
            let script = site.house.root.join("e2e/pm4py_check.py");
            stages.run("pm4py reads the log", Command::new(python).arg(script).arg(&log));
        }
        None => stages.skip("pm4py reads the log", "there is no log or no pm4py"),
    }
}

/// Kills the server under load, on both databases.
fn kills(site: &Site, stages: &mut Stages, cluster: Option<&Cluster>, kills: u32) {
    on_both(stages, cluster, &format!("{kills} kills"), "kills", |database| {
        let mut node = site.node("kill.mjs", &["--kills", &kills.to_string()]);
        node.envs(database.map(|url| ("YIMEN_DATABASE", url)));
        node
    });
    on_both(stages, cluster, &format!("two servers, {} kills", kills / 4), "two", |database| {
        let mut node = site.node("two.mjs", &["--kills", &(kills / 4).to_string()]);
        node.envs(database.map(|url| ("YIMEN_DATABASE", url)));
        node
    });
}

/// Runs what `script` makes on SQLite and on a new database of the cluster, at the same time: either waits for its browser or its
/// disk more often than it works.
fn on_both(
    stages: &mut Stages,
    cluster: Option<&Cluster>,
    what: &str,
    database: &str,
    script: impl Fn(Option<&str>) -> Command,
) {
    let (first, second) = (format!("{what} on SQLite"), format!("{what} on PostgreSQL"));
    let why = match cluster.map(|c| c.create(database)) {
        Some(Ok(url)) => {
            stages.run_both((&first, &mut script(None)), (&second, &mut script(Some(&url))));
            return;
        }
        Some(Err(say)) => say,
        None => "there is no cluster".to_owned(),
    };
    stages.run(&first, &mut script(None));
    stages.skip(&second, &why);
}

fn start(stages: &mut Stages, durable: Durable) -> Option<Cluster> {
    let mut cluster = None;
    stages.check("PostgreSQL cluster", || {
        let started = Cluster::start(durable)?;
        println!("listening: {}", started.url("postgres"));
        cluster = Some(started);
        Ok(true)
    });
    cluster
}

/// What takes longer than CI may: many kills on each database, with the disk waited for.
pub fn prove(kill_count: Option<&str>) -> Res<bool> {
    let count: u32 =
        kill_count.map_or(Ok(KILLS_IN_PROOF), str::parse).map_err(|_| "--kills takes a number")?;
    let site = Site::survey()?;
    let mut stages = Stages::default();
    stages.check("tools", || tools::ensure(tools::ALL).map(|()| true));
    let cluster = start(&mut stages, Durable::Yes);
    if stages.run("build", &mut site.cargo(&["build", "--workspace", "--locked", "--quiet"])) {
        kills(&site, &mut stages, cluster.as_ref(), count);
    }
    drop(cluster);
    Ok(stages.close(site.begun))
}

/// Ordinary load for so many minutes on each database, with the server's memory watched.
pub fn soak(minutes: &str) -> Res<bool> {
    minutes.parse::<u32>().map_err(|_| "--soak takes a number of minutes")?;
    let site = Site::survey()?;
    let mut stages = Stages::default();
    stages.check("tools", || tools::ensure(tools::ALL).map(|()| true));
    let cluster = start(&mut stages, Durable::Yes);
    if stages.run("build", &mut site.cargo(&["build", "--package", "app", "--locked", "--quiet"])) {
        on_both(&mut stages, cluster.as_ref(), &format!("{minutes} min of load"), "soak", |database| {
            let mut node = site.node("soak.mjs", &["--minutes", minutes]);
            node.envs(database.map(|url| ("YIMEN_DATABASE", url)));
            node
        });
    }
    drop(cluster);
    Ok(stages.close(site.begun))
}

/// Runs one command beside a private cluster, whose address stands in `YIMEN_TEST_POSTGRES`.
pub fn with_postgres(command: &[&str]) -> Res<bool> {
    let [program, words @ ..] = command else { return Err("which command?".to_owned()) };
    tools::ensure(tools::DATABASE)?;
    let cluster = Cluster::start(Durable::No)?;
    let status =
        house::unnamed(program).args(words).env("YIMEN_TEST_POSTGRES", cluster.url("postgres")).status();
    status.map(|s| s.success()).map_err(|e| format!("{program}: {e}"))
}
