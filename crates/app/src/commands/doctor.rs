//! `yimen doctor`: looks for what is wrong, or could become so, and says what to do.

use crate::clock::Ahead;
use crate::commands::equipment;
use crate::config::Config;
use crate::wiring;
use jiff::SignedDuration;
use kernel::{Calendar, Fault, clock};
use std::path::Path;
use store::{Ground, health};
use trace::{RootKey, Trust};

/// Examines the installation; answers whether all is well.
///
/// # Errors
/// A [`Fault`] when the database cannot be opened at all.
pub async fn run(config: &Config, replay: bool) -> Result<bool, Fault> {
    let findings = examine(config, replay).await?;
    for finding in &findings.0 {
        println!("{finding}");
    }
    Ok(findings.well())
}

/// Looks at everything and collects what there is to say.
///
/// # Errors
/// As [`run`].
pub async fn examine(config: &Config, replay: bool) -> Result<Findings, Fault> {
    let ground = wiring::ground(config).await?;
    let mut findings = Findings::default();
    ground.store.ping().await?;
    findings.good(format!("database answers ({:?}) and is migrated", ground.store.backend()));
    disk(&mut findings, &config.data)?;
    clocks(&mut findings, &ground, config.demo_ahead).await?;
    messages(&mut findings, &ground).await?;
    jobs(&mut findings, &ground).await?;
    roots(&mut findings, &ground, &config.data).await?;
    equipment::examine(&mut findings, config, &ground).await?;
    fonts(&mut findings);
    calendar(&mut findings, &wiring::calendar(&config.data)?, clock::legal_date(ground.clock.now()));
    if replay {
        replayed(&ground, &mut findings).await?;
    }
    Ok(findings)
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It is well.
    Good(String),
    /// It is well now; what to do before it is not.
    Soon(String, String),
    /// It is wrong; what to do.
    Bad(String, String),
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Good(say) => write!(f, "  ok   {say}"),
            Self::Soon(say, advice) => write!(f, "  soon {say}\n    {advice}"),
            Self::Bad(say, advice) => write!(f, "  BAD  {say}\n    {advice}"),
        }
    }
}

/// All that was looked at.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Whether nothing is wrong.
    pub fn well(&self) -> bool {
        !self.0.iter().any(|finding| matches!(finding, Finding::Bad(..)))
    }

    pub(super) fn good(&mut self, say: impl Into<String>) {
        self.0.push(Finding::Good(say.into()));
    }

    pub(super) fn soon(&mut self, say: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding::Soon(say.into(), advice.into()));
    }

    pub(super) fn bad(&mut self, say: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding::Bad(say.into(), advice.into()));
    }
}

/// Below this a day of uploads may fill the disk; below the other an hour may.
const DISK_SOON: u64 = 10 << 30;
const DISK_BAD: u64 = 1 << 30;

fn disk(findings: &mut Findings, data: &Path) -> Result<(), Fault> {
    let (free, all) = health::disk(data)?;
    let gib = |bytes: u64| format!("{}.{} GiB", bytes >> 30, ((bytes >> 20) & 1023) * 10 / 1024);
    let say = format!("{} of {} free where {} lies", gib(free), gib(all), data.display());
    let advice = "make room or move the data folder: when the disk is full nothing can be filed";
    match free {
        free if free < DISK_BAD => findings.bad(say, advice),
        free if free < DISK_SOON => findings.soon(say, advice),
        _ => findings.good(say),
    }
    let probe = data.join("files").join(format!("doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, b"doctor").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => findings.good("files can be written"),
        Err(error) => findings.bad(
            format!("files cannot be written: {error}"),
            format!("give this user the folder {}", data.join("files").display()),
        ),
    }
    Ok(())
}

/// So far may two clocks differ before terms that end on the minute are in doubt.
const SKEW: SignedDuration = SignedDuration::from_secs(5);

async fn clocks(findings: &mut Findings, ground: &Ground, ahead: Ahead) -> Result<(), Fault> {
    if !ahead.is_zero() {
        findings
            .soon("the demonstration's clock runs ahead", "start it with demo_ahead not less than now, ever");
        return Ok(());
    }
    let before = ground.clock.now();
    let told = health::clocks(&ground.store).await?;
    let after = ground.clock.now();
    let advice = "set the clocks of all servers by NTP (Debian: apt install chrony)";
    if let Some(server) = told.server {
        let skew = if server < before { before.duration_since(server) } else { server.duration_since(after) };
        let say = format!("the database's clock and this one differ by {} s", skew.as_secs().max(0));
        if skew > SKEW { findings.bad(say, advice) } else { findings.good(say) }
    }
    match told.last_command {
        Some(last) if last > after + SKEW => findings.bad(
            format!("the last command was written at {last}, and it is only {after} here"),
            format!("the clock went back, or another server's is ahead: {advice}"),
        ),
        _ => findings.good("no command lies in the future"),
    }
    Ok(())
}

/// A message or job that is late by so much finds nobody to do it.
const LATE: SignedDuration = SignedDuration::from_mins(5);

async fn messages(findings: &mut Findings, ground: &Ground) -> Result<(), Fault> {
    let (waiting, dead) = store::outbox::counts(&ground.store).await?;
    if dead == 0 {
        findings.good("every message could be delivered");
    } else {
        let letters = store::outbox::dead(&ground.store).await?;
        let first =
            letters.first().map_or_else(String::new, |d| format!("; the first: {} ({})", d.topic, d.error));
        findings.bad(
            format!("{dead} messages could not be delivered{first}"),
            "see /desk/messages; mend the cause and try them again there",
        );
    }
    match health::oldest_overdue(&ground.store, ground.clock.now() - LATE).await? {
        None => findings.good(format!("{waiting} messages on their way, none late")),
        Some(due) => findings.bad(
            format!("{waiting} messages wait, the oldest since {due}"),
            "no server is running, or none gets along: start `yimen serve`, and see its log",
        ),
    }
    Ok(())
}

async fn jobs(findings: &mut Findings, ground: &Ground) -> Result<(), Fault> {
    let troubled = health::jobs_in_trouble(&ground.store, ground.clock.now() - LATE).await?;
    if troubled.is_empty() {
        findings.good("every recurring job has run");
    }
    let (failed, behind): (Vec<_>, Vec<_>) = troubled.into_iter().partition(|job| job.error.is_some());
    for job in failed {
        findings.bad(
            format!("the job {} failed the last time: {}", job.name, job.error.unwrap_or_default()),
            "it is tried again by itself; mend the cause",
        );
    }
    if let Some(first) = behind.iter().min_by_key(|job| job.due) {
        findings.bad(
            format!("{} jobs are behind: {} was due at {}", behind.len(), first.name, first.due),
            "no server is running, or none gets along: start `yimen serve`, and see its log",
        );
    }
    Ok(())
}

/// The trace against its signed roots: only against them can a cut-off tail be seen.
async fn roots(findings: &mut Findings, ground: &Ground, data: &Path) -> Result<(), Fault> {
    let path = data.join("roots.pem");
    let mut trust = Trust::default();
    if path.exists() {
        let key = RootKey::load_or_make(&path, ground.rng.as_ref())?;
        trust = trust.key(&key.public_pem()?).map_err(|say| Fault::new(say.en))?;
    }
    let checked = trace::check_roots(&ground.store, &trust).await?;
    if checked.problems.is_empty() {
        findings
            .good(format!("the trace fits its {} signed roots over {} heads", checked.roots, checked.heads));
        return Ok(());
    }
    let shown = checked.problems.iter().take(10).cloned().collect::<Vec<_>>().join("\n    ");
    let advice = if path.exists() {
        "somebody changed the log, or roots.pem is another key: compare with the last backup, and tell whoever answers for it"
    } else {
        "the key roots.pem is gone from the data folder: bring it back from the backup"
    };
    findings.bad(
        format!("{} things do not fit the trace's signed roots", checked.problems.len()),
        format!("{shown}\n    {advice}"),
    );
    Ok(())
}

fn fonts(findings: &mut Findings) {
    #[cfg(feature = "paper")]
    {
        let found = paper::Paper::new().fonts_found();
        let advice = "install one, on Debian: apt install fonts-noto-cjk";
        match found.first() {
            None => findings.bad("no font with Chinese characters for printing", advice),
            Some(font) if !found.iter().any(|f| f.rare) => findings.soon(
                format!("{} prints, but no font here has rare characters of names", font.family),
                "a name with one cannot be printed; on Debian: apt install fonts-noto-cjk fonts-hanazono",
            ),
            Some(font) => findings.good(format!("{} prints, rare characters of names included", font.family)),
        }
    }
    #[cfg(not(feature = "paper"))]
    findings.bad("this build cannot print", "build with the feature `paper`");
}

/// How long before its end the table is asked for; next year's notice comes in autumn.
const CALENDAR_DAYS_MIN: i32 = 60;

fn calendar(findings: &mut Findings, calendar: &Calendar, today: jiff::civil::Date) {
    let last = calendar.last_day();
    let left = today.until(last).map_or(0, |span| span.get_days());
    let say = format!("the working-day calendar reaches {last}");
    if left >= CALENDAR_DAYS_MIN {
        findings.good(say);
        return;
    }
    // Not a fault of this installation: dates past the end are marked provisional, and the notice may not be out.
    findings.soon(
        say,
        "dates past its end are provisional: add next year's notice to holidays.toml in the data folder",
    );
}

/// How many cases are compared at a time.
const STRETCH: i64 = 500;

async fn replayed(ground: &Ground, findings: &mut Findings) -> Result<(), Fault> {
    let (mut from, mut cases) = (Some(String::new()), 0);
    let mut differences = Vec::new();
    while let Some(place) = from {
        let found = cases::replay::compare(&ground.store, &place, STRETCH).await?;
        cases += found.cases;
        differences.extend(found.differences);
        from = found.next;
    }
    if differences.is_empty() {
        findings.good(format!("rows of {cases} cases agree with their events"));
    } else {
        findings.bad(
            format!("rows differ from their events in {} places", differences.len()),
            differences.join("\n    "),
        );
    }
    Ok(())
}
