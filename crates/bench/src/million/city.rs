//! The synthetic city grown to three hundred agencies, and the cases in it: a few really filed, the mass by stencil, a thousand
//! of the mass with events that can be read.

use super::bare::{Bare, Table};
use super::stencil::{Around, Filling, Snapshot, Stencil};
use crate::door::Trouble;
use crate::life::{self, Crew};
use crate::place::Site;
use crate::record::Recorder;
use kernel::codes::CreditCode;
use kernel::{Clock as _, FixedClock, Lang, SeededRng, SystemClock, clock, id, rng};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use store::Ground;
use trace::{Event, Head, Subject};

/// How many agencies the city has.
const AGENCIES: usize = 300;

/// The agency whose inbox is looked at.
pub const MEASURED: &str = "city.fire";

/// How many cases have events that can be read; each waits at the measured agency.
pub const SAMPLES: usize = 1_000;

/// Cases written in one go.
const BATCH: usize = 2_000;

const DAY: i64 = 24 * 3_600_000_000;

/// Copies the city's folder to `to` and adds agencies until there are three hundred.
///
/// # Errors
/// When a file cannot be written.
pub fn grow(city: &Path, to: &Path) -> Result<(), Trouble> {
    copy(city, to)?;
    let file = to.join("demo/city.yaml");
    let text = std::fs::read_to_string(&file)?;
    let own = text.matches("credit_code: \"11").count();
    let mut more = String::from("agencies:\n");
    for n in own..AGENCIES {
        let code = credit_code(n)?;
        more.push_str(&format!(
            "  - {{code: city.a{n:03}, name: {{zh-CN: 合成部门{n}, en: Agency {n}}}, credit_code: \"{code}\", division: \"320100\", \
             phone: \"000-0{n:03}\", address: {{zh-CN: 合成路{n}号, en: {n} Synthetic Road}}}}\n"
        ));
    }
    std::fs::write(file, text.replacen("agencies:\n", &more, 1))?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), Trouble> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// An invented credit code with the right check characters.
fn credit_code(n: usize) -> Result<String, Trouble> {
    let signs = || ('0'..='9').chain('A'..='Z');
    let all = signs().flat_map(|a| signs().map(move |b| format!("119999990001{n:04}{a}{b}")));
    let mut right = all.filter(|code| code.parse::<CreditCode>().is_ok());
    right.next().ok_or_else(|| format!("no credit code for agency {n}").into())
}

/// The stencils: a case of one agency and one of six, each over and each still open.
struct Stencils {
    one_over: Stencil,
    six_over: Stencil,
    one_open: Stencil,
    six_open: Stencil,
}

/// The city with its cases.
pub struct City {
    tables: Vec<Table>,
    stencils: Stencils,
    agencies: Vec<String>,
    firm: String,
    rng: SeededRng,
    now: i64,
    count: usize,
    /// The numbers of the cases that can be read.
    pub samples: Vec<String>,
}

/// What a portion of cases is made of.
struct Share {
    samples: usize,
    waiting: usize,
    elsewhere: usize,
    over: usize,
}

impl City {
    /// Files the first cases and cuts the stencils.
    ///
    /// # Errors
    /// When a case cannot be filed.
    pub async fn found(site: &Site, bare: &Bare) -> Result<Self, Trouble> {
        let recorder = Recorder::open(site).await?;
        let mut doors = [recorder.door.clone()];
        let crew = Crew::sign_in(&mut doors[0]).await?;
        let tables = bare.tables().await?;
        let mut before = Snapshot::take(bare, &tables).await?;
        let agencies = before.texts(&tables, "identity_agency", "code");
        let firm =
            before.texts(&tables, "identity_organisation", "id").pop().ok_or("the city has no firm")?;
        let mut cut = Vec::new();
        for (item, stop) in
            [("one-desk", ""), ("six-parallel", ""), ("one-desk", "look"), ("six-parallel", "fire")]
        {
            let begun = SystemClock.now().as_microsecond();
            let key = format!("stencil-{item}-{stop}-of-the-city");
            let stop: Vec<&str> = Some(stop).filter(|s| !s.is_empty()).into_iter().collect();
            let number = life::live(&mut doors, &crew, item, &key, &stop).await?.number;
            let after = Snapshot::take(bare, &tables).await?;
            let subject = firm.clone();
            let around = Around {
                tables: &tables,
                before: &before,
                after: &after,
                begun,
                number,
                key,
                subject,
                agencies: &agencies,
            };
            cut.push(Stencil::cut(&around)?);
            before = after;
        }
        let [one_over, six_over, one_open, six_open] =
            <[Stencil; 4]>::try_from(cut).map_err(|_| "four stencils were to be cut")?;
        let stencils = Stencils { one_over, six_over, one_open, six_open };
        let now = SystemClock.now().as_microsecond();
        let rng = SeededRng::new(7);
        Ok(Self { tables, stencils, agencies, firm, rng, now, count: 0, samples: Vec::new() })
    }

    /// Brings the city to `total` cases. At ten thousand two thousand of them wait at the measured agency, above that one in a
    /// hundred; as many again, three in a hundred, wait elsewhere; the others are over, spread over three years.
    ///
    /// # Errors
    /// When a row does not fit.
    pub async fn fill(&mut self, site: &Site, bare: &mut Bare, total: usize) -> Result<(), Trouble> {
        let more = total.saturating_sub(self.count);
        let samples = if self.samples.is_empty() { SAMPLES.min(more) } else { 0 };
        let waiting = if samples > 0 { SAMPLES } else { more / 100 };
        let elsewhere = more * 3 / 100;
        let over = more.saturating_sub(samples + waiting + elsewhere);
        let share = Share { samples, waiting, elsewhere, over };
        let mut real = Vec::new();
        let mut rows = Vec::new();
        for nth in 0..share.over + share.elsewhere + share.waiting + share.samples {
            let (stencil, here, at) = self.choose(&share, nth);
            let sample = nth >= share.over + share.elsewhere + share.waiting;
            let filling = self.filling(stencil, at, here, sample);
            stencil.fill(&filling, &mut rows);
            if sample {
                real.push(filling);
            }
            self.count += 1;
            if nth % BATCH == BATCH - 1 {
                bare.insert(&self.tables, &rows).await?;
                rows.clear();
            }
            if nth % 100_000 == 99_999 {
                // Says to the test cluster's watchman that somebody is still here.
                let _ = site.database.as_ref().map(|_| harness::cluster::admin_url());
            }
        }
        bare.insert(&self.tables, &rows).await?;
        if !real.is_empty() {
            self.record(site, &real).await?;
            bare.run("UPDATE trace_event SET root = 1 WHERE root IS NULL").await?;
            self.samples = real.into_iter().map(|f| f.number).collect();
        }
        bare.settle().await
    }

    /// The stencil of the `nth` case of a share, whether it waits at the measured agency, and when it was filed.
    fn choose(&self, share: &Share, nth: usize) -> (&Stencil, bool, i64) {
        let s = &self.stencils;
        let part = |nth: usize, of: usize, span: i64| {
            let (nth, of) = (i64::try_from(nth).unwrap_or(0), i64::try_from(of.max(1)).unwrap_or(1));
            self.now - span + span / of * nth
        };
        let (mut nth, recent) = (nth, 20 * DAY);
        if nth < share.over {
            let stencil = if nth % 20 == 0 { &s.six_over } else { &s.one_over };
            return (stencil, false, part(nth, share.over, 3 * 365 * DAY));
        }
        nth -= share.over;
        if nth < share.elsewhere {
            let stencil = if nth % 10 == 0 { &s.six_open } else { &s.one_open };
            return (stencil, false, part(nth, share.elsewhere, recent));
        }
        nth -= share.elsewhere;
        if nth < share.waiting {
            // Half and half in the end: the samples are cases of six agencies, too.
            let stencil = if share.samples == 0 && nth % 2 == 0 { &s.six_open } else { &s.one_open };
            return (stencil, true, part(nth, share.waiting, recent));
        }
        (&s.six_open, true, part(nth - share.waiting, share.samples, recent))
    }

    fn filling(&self, stencil: &Stencil, at: i64, here: bool, sample: bool) -> Filling {
        let moment = clock::from_micros(at);
        let id = || id::uuid_v7(moment, &self.rng).hyphenated().to_string();
        let any = || {
            let n = u32::from_le_bytes(rng::bytes::<4>(&self.rng));
            let at = usize::try_from(n).unwrap_or(0) % self.agencies.len().max(1);
            self.agencies.get(at).cloned().unwrap_or_default()
        };
        let agency = |code: &String| if here && code == MEASURED { code.clone() } else { any() };
        let head = stencil.number.get(..31).unwrap_or_default();
        let date = clock::legal_date(moment).strftime("%Y%m%d");
        // Ten cases each for those who apply; the samples are all the firm's own, so that its page can be looked at.
        let n = self.count / 10;
        let other = || format!("01900000-0000-7000-8000-{n:012x}");
        Filling {
            at,
            ids: stencil.ids.iter().map(|_| id()).collect(),
            number: format!("{head}{date}{}", 1_000_000 + self.count),
            subject: if sample { self.firm.clone() } else { other() },
            agencies: stencil.agencies.iter().map(agency).collect(),
            ordinal: self.count,
            without_events: sample,
        }
    }

    /// Records the events of sample cases as the program does: sealed, chained, hashed.
    async fn record(&self, site: &Site, real: &[Filling]) -> Result<(), Trouble> {
        match self.stencils.six_open.version {
            1 => self.record_as::<1>(site, real).await,
            2 => self.record_as::<2>(site, real).await,
            3 => self.record_as::<3>(site, real).await,
            4 => self.record_as::<4>(site, real).await,
            other => Err(format!("events of version {other} are not known here").into()),
        }
    }

    async fn record_as<const V: i64>(&self, site: &Site, real: &[Filling]) -> Result<(), Trouble> {
        let wired = app::wiring::wire(&site.config()).await?;
        let ground = &wired.house.ground;
        let stencil = &self.stencils.six_open;
        let subject = Subject::new("case", &stencil.case);
        let (_, events) = trace::history::<Raw<V>>(&ground.store, &subject).await?;
        // A kind is a word that lives as long as the program.
        let kinds: Vec<&'static str> =
            stencil.kinds.iter().map(|k| &*Box::leak(k.clone().into_boxed_str())).collect();
        let case =
            stencil.ids.iter().position(|id| *id == stencil.case).ok_or("a stencil without its case")?;
        for filling in real {
            let clock = Arc::new(FixedClock::at(clock::from_micros(filling.at)));
            let ground = Ground { store: ground.store.clone(), clock, rng: ground.rng.clone() };
            let subject = Subject::new("case", filling.ids.get(case).ok_or("a filling without its case")?);
            let mut head = Head::start();
            let mut cx = ground.begin(Lang::default(), kernel::ActorRef::system());
            for (event, kind) in events.iter().zip(&kinds) {
                let body = stencil.rewrite(&event.event.body.to_string(), filling);
                let raw = Raw::<V> { body: serde_json::from_str(&body)?, kind };
                let at = filling.at + (event.occurred_at.as_microsecond() - stencil.begun);
                cx.actor = event.actor.clone();
                trace::record(&mut cx, &mut head, &subject, &raw, clock::from_micros(at))?;
            }
            cx.finish().await.map_err(|e| format!("recording a sample: {e}"))?;
        }
        Ok(())
    }
}

/// An event of any room, as it stands.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Raw<const V: i64> {
    body: serde_json::Value,
    #[serde(skip)]
    kind: &'static str,
}

impl<const V: i64> Event for Raw<V> {
    const VERSION: i64 = V;

    fn kind(&self) -> &'static str {
        self.kind
    }
}
