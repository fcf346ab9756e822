//! `certificates`: laid out and signed per second of one core, beside the bare layout and the bare signature.

use crate::door::Trouble;
use crate::place::Place;
use crate::stats::cpu_seconds;
use certificates::keys::{self, Algorithm};
use certificates::sign::{Seal, seal};
use certificates::{CertField, NewCertificate, Signer};
use jiff::civil::{Date, date};
use kernel::{ActorRef, AgencyCode, Fault, Lang, Press, PressJob, SubjectId, Text};
use p256::ecdsa::signature::Signer as _;
use page::{House, Site};
use paper::Paper;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::{Ground, command};

/// What is to be measured.
#[derive(clap::Args)]
pub struct Size {
    /// Seconds for each figure.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many certificates are issued and printed by the whole program.
    #[arg(long, default_value_t = 200)]
    certificates: usize,
    /// The template that lays them out.
    #[arg(long, default_value = "packs/nanjing/charter-bus-sticker/sticker.typ")]
    template: PathBuf,
}

/// The bytes that a signature is made over: as many as the signed attributes of a CMS have.
const ATTRIBUTES: usize = 300;

/// A job of the press that can be done again.
struct Job {
    template: String,
    data: Value,
    files: Vec<(String, Vec<u8>)>,
    date: Date,
}

impl Job {
    fn again(&self) -> PressJob<'_> {
        PressJob { template: &self.template, data: &self.data, files: &self.files, date: self.date }
    }
}

/// The press that the program prints with, and the jobs that it was given.
struct Recording {
    paper: Paper,
    jobs: Mutex<Vec<Job>>,
}

impl Press for Recording {
    fn pdf(&self, job: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        let own = Job {
            template: job.template.to_owned(),
            data: job.data.clone(),
            files: job.files.to_vec(),
            date: job.date,
        };
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).push(own);
        self.paper.pdf(job)
    }
}

/// One figure.
struct Line {
    what: &'static str,
    count: usize,
    wall: Duration,
    cpu: f64,
}

impl Line {
    /// Per second of the clock, and per second of a core's work.
    fn rates(&self) -> (f64, f64) {
        let count = f64::from(u32::try_from(self.count).unwrap_or(u32::MAX));
        (count / self.wall.as_secs_f64(), count / self.cpu.max(0.01))
    }

    fn print(&self) {
        let (wall, core) = self.rates();
        println!("| {} | {} | {wall:.1} | {core:.1} | {:.3} |", self.what, self.count, 1_000.0 / core);
    }
}

/// Does `one` again and again for `seconds`, on this thread.
fn repeat(
    what: &'static str,
    seconds: u64,
    mut one: impl FnMut(usize) -> Result<(), Trouble>,
) -> Result<Line, Trouble> {
    one(0)?; // what is loaded once is loaded
    let (begun, cpu, mut count) = (Instant::now(), cpu_seconds(std::process::id())?, 0);
    while begun.elapsed() < Duration::from_secs(seconds) {
        one(count)?;
        count += 1;
    }
    let (wall, used) = (begun.elapsed(), cpu_seconds(std::process::id())? - cpu);
    Ok(Line { what, count, wall, cpu: used })
}

/// Measures and prints.
///
/// # Errors
/// When the template does not print, or what was made does not verify.
pub async fn run(size: &Size) -> Result<(), Trouble> {
    let place = Place::new("sqlite").await?;
    let site = place.fresh("certificates", Path::new("packs")).await?;
    let ground = app::wiring::ground(&site.config()).await?;
    let template = std::fs::read_to_string(&size.template)
        .map_err(|e| format!("reading {}: {e}", size.template.display()))?;
    let press = Arc::new(Recording { paper: Paper::new(), jobs: Mutex::default() });
    let (p256, sm2) =
        (signer(&ground, &site.data, Algorithm::P256)?, signer(&ground, &site.data, Algorithm::Sm2)?);
    println!("certificates: one thread; “per core” is per second of processor time of this process\n");
    println!("| what | done | per second | per second and core | ms of a core |\n|---|---|---|---|---|");
    whole(&ground, &press, &p256, &template, size.certificates).await?.print();
    let jobs = std::mem::take(&mut *press.jobs.lock().unwrap_or_else(PoisonError::into_inner));
    let pages: Vec<Vec<u8>> =
        jobs.iter().take(8).map(|job| press.paper.pdf(&job.again())).collect::<Result<_, _>>()?;
    let lines = [
        repeat("laid out and signed, P-256", size.seconds, |n| both(&press.paper, at(&jobs, n)?, &p256))?,
        repeat("laid out and signed, SM2", size.seconds, |n| both(&press.paper, at(&jobs, n)?, &sm2))?,
        repeat("bare layout", size.seconds, |n| {
            press.paper.pdf(&at(&jobs, n)?.again())?;
            Ok(())
        })?,
        repeat("a ready PDF signed, P-256", size.seconds, |n| sign(at(&pages, n)?, &p256))?,
        repeat("a ready PDF signed, SM2", size.seconds, |n| sign(at(&pages, n)?, &sm2))?,
        bare_p256(size.seconds)?,
        bare_sm2(size.seconds)?,
    ];
    lines.iter().for_each(Line::print);
    Ok(())
}

fn at<T>(all: &[T], n: usize) -> Result<&T, Trouble> {
    all.get(n % all.len().max(1)).ok_or_else(|| "nothing was printed".into())
}

fn signer(ground: &Ground, data: &Path, algorithm: Algorithm) -> Result<Arc<Signer>, Trouble> {
    let folder = data.join(format!("bench-{algorithm:?}"));
    Ok(Arc::new(keys::load_or_make(&folder, algorithm, ground.rng.as_ref(), ground.clock.now(), true)?))
}

/// The program's own way: laid out, signed, kept in the store with its event.
async fn whole(
    ground: &Ground,
    press: &Arc<Recording>,
    signer: &Arc<Signer>,
    template: &str,
    count: usize,
) -> Result<Line, Trouble> {
    let house = House {
        ground: ground.clone(),
        site: Arc::new(Site::demo()),
        press: press.clone(),
        calendar: Arc::new(kernel::Calendar::official()),
    };
    let mut ids = Vec::with_capacity(count);
    for n in 0..count.max(1) {
        let new = sticker(n, template)?;
        let actor = ActorRef::system();
        ids.push(command!(ground, Lang::ZhCn, actor, |cx| certificates::issue(&mut cx, new.clone()).await)?);
    }
    press.paper.warm_up()?;
    let (begun, cpu) = (Instant::now(), cpu_seconds(std::process::id())?);
    for id in &ids {
        certificates::print(&house, signer, *id).await?;
    }
    let (wall, used) = (begun.elapsed(), cpu_seconds(std::process::id())? - cpu);
    let last = ids.last().ok_or("nothing was issued")?;
    let bytes = certificates::pdf(&house, signer, *last).await?;
    certificates::check_pdf(&bytes, &signer.trust()).map_err(|doubt| doubt.to_string())?;
    Ok(Line { what: "laid out, signed P-256 and kept in SQLite", count: ids.len(), wall, cpu: used })
}

/// A sticker as the demonstration issues it, each with its own plate.
fn sticker(n: usize, template: &str) -> Result<NewCertificate, Trouble> {
    let holder: SubjectId = "organisation:019aa000-0000-7000-8000-000000000001".parse()?;
    let line = |key: &str, value: String| CertField {
        key: key.to_owned(),
        label: Text::same(key),
        value,
        public: true,
    };
    Ok(NewCertificate {
        kind: "charter-bus-sticker".into(),
        type_code: "11100000000013338W032".into(),
        name: Text::new("旅游包车标贴", "Charter-bus sticker"),
        holder,
        holder_name: "金陵示范旅游客运有限公司".into(),
        holder_number_masked: String::new(),
        issuer: AgencyCode::parse("nanjing.transport").ok_or("no agency")?,
        issuer_name: Text::new("南京市交通运输局", "Nanjing Transport Bureau"),
        issuer_code: "11100000000013338W".into(),
        valid_from: date(2026, 11, 28),
        valid_until: Some(date(2026, 11, 30)),
        fields: vec![
            line("plate", format!("苏A·{n:05}")),
            line("from", "南京".into()),
            line("to", "黄山".into()),
            line("via", "宣城、绩溪".into()),
            line("driver", "王示范".into()),
            line("seats", "49".into()),
            line("signatory", "李示范".into()),
        ],
        template: template.to_owned(),
        case_number: format!("BENCH-{n}"),
    })
}

fn both(paper: &Paper, job: &Job, signer: &Signer) -> Result<(), Trouble> {
    let pdf = paper.pdf(&job.again())?;
    sign(&pdf, signer)
}

fn sign(pdf: &[u8], signer: &Signer) -> Result<(), Trouble> {
    let about = Seal {
        at: "2026-11-22T02:00:00Z".parse()?,
        reason: "签发电子证照",
        issuer: "南京市交通运输局",
        identifier: "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        contact: "http://127.0.0.1:8080/verify",
    };
    std::hint::black_box(seal(pdf, signer, &about)?);
    Ok(())
}

fn bare_p256(seconds: u64) -> Result<Line, Trouble> {
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32])?;
    let message = [1_u8; ATTRIBUTES];
    repeat("bare signature, P-256", seconds, |_| {
        let value: p256::ecdsa::Signature = key.try_sign(&message)?;
        std::hint::black_box(value);
        Ok(())
    })
}

fn bare_sm2(seconds: u64) -> Result<Line, Trouble> {
    let secret = sm2::SecretKey::from_slice(&[7; 32]).map_err(|e| e.to_string())?;
    let key = sm2::dsa::SigningKey::new("1234567812345678", &secret)?;
    let message = [1_u8; ATTRIBUTES];
    repeat("bare signature, SM2", seconds, |_| {
        let value: sm2::dsa::Signature = key.try_sign(&message)?;
        std::hint::black_box(value);
        Ok(())
    })
}
