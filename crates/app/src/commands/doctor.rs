//! `yimen doctor`: looks for what is wrong, or could become so, and says what to do.

use crate::config::Config;
use crate::wiring;
use kernel::{Calendar, Fault, clock};

/// Examines the installation; answers whether all is well.
///
/// # Errors
/// A [`Fault`] when the database cannot be opened at all.
pub async fn run(config: &Config, replay: bool) -> Result<bool, Fault> {
    let ground = wiring::ground(config).await?;
    let mut findings = Findings::default();
    ground.store.ping().await?;
    findings.good(&format!("database answers ({:?}) and is migrated", ground.store.backend()));
    fonts(&mut findings);
    calendar(&mut findings, clock::legal_date(ground.clock.now()));
    let dead = store::outbox::dead(&ground.store).await?.len();
    findings.check(
        dead == 0,
        &format!("{dead} messages could not be delivered"),
        "see /desk/messages; retry them there",
    );
    if replay {
        replayed(&ground, &mut findings).await?;
    }
    Ok(findings.bad == 0)
}

/// How many cases are compared at a time.
const STRETCH: i64 = 500;

async fn replayed(ground: &store::Ground, findings: &mut Findings) -> Result<(), Fault> {
    let (mut from, mut cases) = (Some(String::new()), 0);
    let mut differences = Vec::new();
    while let Some(place) = from {
        let found = cases::replay::compare(&ground.store, &place, STRETCH).await?;
        cases += found.cases;
        differences.extend(found.differences);
        from = found.next;
    }
    findings.check(
        differences.is_empty(),
        &format!("rows of {cases} cases agree with their events"),
        &differences.join("\n    "),
    );
    Ok(())
}

#[derive(Default)]
struct Findings {
    bad: u32,
}

impl Findings {
    fn good(&self, say: &str) {
        println!("  ok   {say}");
    }

    fn check(&mut self, good: bool, say: &str, advice: &str) {
        if good {
            self.good(say);
        } else {
            self.bad += 1;
            println!("  BAD  {say}\n    {advice}");
        }
    }
}

fn fonts(findings: &mut Findings) {
    #[cfg(feature = "paper")]
    findings.check(
        !paper::Paper::new().fonts_found().is_empty(),
        "a font with Chinese characters for printing",
        "install one, on Debian: apt install fonts-noto-cjk",
    );
    #[cfg(not(feature = "paper"))]
    findings.check(false, "this build cannot print", "build with the feature `paper`");
}

/// How long before its end the table is asked for; next year's notice comes in autumn.
const CALENDAR_DAYS_MIN: i32 = 60;

fn calendar(findings: &mut Findings, today: jiff::civil::Date) {
    let last = Calendar::official().last_day();
    let left = today.until(last).map_or(0, |span| span.get_days());
    let say = format!("the working-day calendar reaches {last}");
    if left >= CALENDAR_DAYS_MIN {
        findings.good(&say);
        return;
    }
    // Not a fault of this installation: dates past the end are marked provisional, and the notice may not be out.
    println!(
        "  soon {say}\n    dates past its end are provisional: add next year's notice to holidays.toml in the data folder"
    );
}
