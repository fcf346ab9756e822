//! The synthetic city with people: a few registered and certified by the rooms themselves, the mass cast from their rows.

use super::mould::{self, Cast, Mould};
use super::register;
use crate::door::Trouble;
use crate::life::{self, Crew};
use crate::million::bare::{Bare, Row, Table};
use crate::million::city;
use crate::million::stencil::{Around, Filling, Snapshot, Stencil};
use crate::place::Site;
use crate::record::Recorder;
use jiff::ToSpan as _;
use kernel::codes::{CitizenId, CreditCode};
use kernel::{
    ActorKind, ActorRef, AgencyCode, Clock as _, Failure, Lang, SubjectId, SystemClock, Text, clock,
};
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Ground, command};

/// Rows of persons, firms and certificates are written so many at a time.
const BATCH: usize = 50_000;
/// How many cases and certificates the firm has.
const FIRM: usize = 10_000;
/// How many cases and certificates the citizen has.
const CITIZEN: usize = 30;
/// How often somebody looked at the citizen's data.
const LOOKS: i64 = 10_000;
/// Every so many persons there is a firm.
const FIRM_EVERY: usize = 16;
/// Certificates for each person, a fifth of them firms'.
const CERTIFICATES: usize = 3;
/// Every so many persons there is a case.
const CASE_EVERY: usize = 100;

const DAY: i64 = 24 * 3_600_000_000;
/// The kinds of ids that are cast.
const PERSON: u64 = 1;
const FIRM_ID: u64 = 2;
const CERTIFICATE: u64 = 3;
const CASE: u64 = 4;

/// The bureau's unified social credit code.
pub(super) const BUREAU: &str = "119999990000900188";
const FIRM_CODE: &str = "91999999000091002K";
/// The template of every certificate: its number, and nothing else.
pub(super) const TEMPLATE: &str = "= #json(\"data.json\").number";

/// Copies the city's folder to `to`, grows it, and adds the citizen and those from whom moulds are cut.
///
/// # Errors
/// When a file cannot be written.
pub fn grow(city: &Path, to: &Path) -> Result<(), Trouble> {
    city::grow(city, to)?;
    let file = to.join("demo/city.yaml");
    let mut text = std::fs::read_to_string(&file)?;
    let document =
        |n| Ok::<_, Trouble>(format!("[{{type: \"111\", country: CHN, number: \"{}\"}}]", number(n)?));
    let persons = format!(
        "persons:\n  - {{id: citizen, name: 民一, phone: \"13900000011\", address: 合成路9号, documents: {}}}\n  \
         - {{id: mould, name: 印一, phone: \"13900000012\", address: 合成路10号, documents: {}}}\n  \
         - {{id: keeper, name: 印二, phone: \"13900000013\", address: 合成路11号, documents: {}}}\n",
        document(911)?,
        document(912)?,
        document(913)?
    );
    let firms = format!(
        "organisations:\n  - {{id: mould, name: 合成市印模有限公司, credit_code: {}, legal_representative: 印二, phone: \"000-9200\", \
         address: 合成市合成路3号, members: [{{person: keeper, role: legal-representative}}]}}\n",
        mould_code()?
    );
    let accounts =
        "accounts:\n  - {name: citizen, person: citizen, listed: true, note: {zh-CN: 公民, en: A citizen}}\n";
    for (head, more) in [("persons:\n", &*persons), ("organisations:\n", &*firms), ("accounts:\n", accounts)]
    {
        text = text.replacen(head, more, 1);
    }
    Ok(std::fs::write(file, text)?)
}

/// An invented citizen's number with the right check character.
fn number(n: usize) -> Result<String, Trouble> {
    let all = "0123456789X".chars().map(|c| format!("99999919900101{n}{c}"));
    let mut right = all.filter(|number| number.parse::<CitizenId>().is_ok());
    right.next().ok_or_else(|| format!("no number for {n}").into())
}

/// An invented firm's code with the right check characters.
fn mould_code() -> Result<String, Trouble> {
    let signs = || ('0'..='9').chain('A'..='Z');
    let all = signs().flat_map(|a| signs().map(move |b| format!("919999990000911{a}{b}")));
    let mut right =
        all.flat_map(|c| signs().map(move |d| format!("{c}{d}"))).filter(|c| c.parse::<CreditCode>().is_ok());
    right.next().ok_or_else(|| "no code for the firm".into())
}

/// Certificates that are looked at.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// Their ids.
    pub ids: Vec<String>,
    /// Their identifiers.
    pub numbers: Vec<String>,
    /// What their QR codes carry.
    pub tokens: Vec<String>,
}

/// The city with its people.
pub struct Town {
    tables: Vec<Table>,
    person: Mould,
    firm: Mould,
    certificate: Mould,
    /// A case that is over and one that runs.
    cases: [Stencil; 2],
    agencies: Vec<String>,
    now: i64,
    /// So many there are by now.
    pub persons: usize,
    cases_cast: usize,
    /// How many rows were cast.
    pub rows: usize,
    /// The citizen's certificates.
    pub citizen: Held,
    /// The firm's.
    pub firms: Held,
    /// How long the room's own import took, and for how many.
    pub imported: (usize, Duration),
}

impl Town {
    /// Registers, files, issues, looks and imports through the rooms, and cuts the moulds.
    ///
    /// # Errors
    /// When any of it is refused.
    pub async fn found(site: &Site, bare: &mut Bare) -> Result<Self, Trouble> {
        let recorder = Recorder::open(site).await?;
        let ground = recorder.wired.house.ground.clone();
        let store = &ground.store;
        let (tables, begun) = (bare.tables().await?, SystemClock.now().as_microsecond());
        let of = |who: Option<kernel::PersonId>| who.ok_or("somebody of the city is missing");
        let citizen = of(identity::person_by_citizen_id(store, &number(911)?).await?)?;
        let mould = of(identity::person_by_citizen_id(store, &number(912)?).await?)?;
        let keeper = of(identity::person_by_citizen_id(store, &number(913)?).await?)?;
        let firm = identity::organisation_by_code(store, FIRM_CODE).await?.ok_or("the city has no firm")?;
        let stamped = identity::organisation_by_code(store, &mould_code()?).await?.ok_or("no firm to cut")?;
        let first = Snapshot::take(bare, &tables).await?;
        let agencies = first.texts(&tables, "identity_agency", "code");
        let cases =
            cut_cases(&recorder, bare, &tables, &agencies, first, &format!("organisation:{firm}")).await?;
        let looker = examiner(&ground).await?;
        look(&ground, &looker, mould, 1).await?;
        let issued = issue(&ground, SubjectId::Person(mould)).await?;
        bare.run("UPDATE trace_event SET root = 1 WHERE root IS NULL").await?;
        let after = Snapshot::take(bare, &tables).await?;
        let cut = |own: &str, other: &str| Mould::cut(&tables, &after, own, other, begun);
        let (own, held) = (mould.to_string(), issued.to_string());
        // What the person holds is cast with the certificates.
        let person = Mould::cut(&tables, &after.without(&held), &own, "", begun)?;
        let certificate = cut(&held, &format!("person:{mould}"))?;
        let firm_mould = cut(&stamped.to_string(), &keeper.to_string())?;
        let mut town = Self {
            person,
            firm: firm_mould,
            certificate,
            cases,
            agencies,
            now: begun,
            persons: 0,
            cases_cast: 0,
            rows: 0,
            citizen: Held::default(),
            firms: Held::default(),
            imported: (0, Duration::ZERO),
            tables,
        };
        let began = Instant::now();
        register::import(&ground, &number(911)?, 0..CITIZEN, None).await?;
        register::import(&ground, FIRM_CODE, CITIZEN..CITIZEN + FIRM, None).await?;
        town.imported = (CITIZEN + FIRM, began.elapsed());
        town.citizen = held_by(&ground, SubjectId::Person(citizen)).await?;
        town.firms = held_by(&ground, SubjectId::Organisation(firm)).await?;
        look(&ground, &looker, citizen, LOOKS).await?;
        town.cast_cases(bare, FIRM, Some(&format!("organisation:{firm}"))).await?;
        town.cast_cases(bare, CITIZEN, Some(&format!("person:{citizen}"))).await?;
        bare.run("UPDATE trace_event SET root = 1 WHERE root IS NULL").await?;
        town.rows = 0;
        Ok(town)
    }

    /// Takes an old register of `rows` over, every thousandth row of it spoiled, and says how long that took.
    ///
    /// # Errors
    /// When what should be taken is refused, or the other way round.
    pub async fn take_over(site: &Site, rows: usize) -> Result<(certificates::Report, Duration), Trouble> {
        let recorder = Recorder::open(site).await?;
        let began = Instant::now();
        let which = CITIZEN + FIRM..CITIZEN + FIRM + rows;
        let report =
            register::import(&recorder.wired.house.ground, &number(912)?, which, Some(1_000)).await?;
        Ok((report, began.elapsed()))
    }

    /// How many firms, certificates and cases belong to so many persons.
    pub fn around(persons: usize) -> (usize, usize, usize) {
        (persons / FIRM_EVERY, persons * CERTIFICATES, persons / CASE_EVERY)
    }

    /// How many rows one person has with the firms, certificates and cases that come with it, about.
    pub fn rows_each(&self) -> usize {
        self.person.rows() + CERTIFICATES * self.certificate.rows()
    }

    /// Brings the city to `total` persons.
    ///
    /// # Errors
    /// When a row does not fit.
    pub async fn fill(&mut self, site: &Site, bare: &mut Bare, total: usize) -> Result<(), Trouble> {
        let (was, will) = (self.persons, total.max(self.persons));
        let ((firms_were, held_were, cases_were), (firms, held, cases)) =
            (Self::around(was), Self::around(will));
        let mut batch = Batch { site, rows: Vec::new(), written: 0 };
        for n in was..will {
            let (at, id) = self.person_of(n);
            self.person.cast(&Cast { n: wide(n), at, id: &id, other: "" }, &mut batch.rows);
            batch.full(&self.tables, bare).await?;
        }
        for n in firms_were..firms {
            let (at, id) = self.firm_of(n);
            let (_, keeper) = self.person_of(n * FIRM_EVERY);
            self.firm.cast(&Cast { n: wide(n), at, id: &id, other: &keeper }, &mut batch.rows);
            batch.full(&self.tables, bare).await?;
        }
        for n in held_were..held {
            let at = self.moment(n, 3);
            let (id, any) = (mould::id(CERTIFICATE, wide(n), at), mould::mix(wide(n)));
            let any = |of: usize| usize::try_from(any % wide(of.max(1))).unwrap_or(0);
            let holder = match n % 5 {
                4 => format!("organisation:{}", self.firm_of(any(firms)).1),
                _ => format!("person:{}", self.person_of(any(will)).1),
            };
            self.certificate.cast(&Cast { n: wide(n), at, id: &id, other: &holder }, &mut batch.rows);
            batch.full(&self.tables, bare).await?;
        }
        batch.write(&self.tables, bare).await?;
        self.rows += batch.written;
        self.persons = will;
        self.cast_cases(bare, cases - cases_were, None).await?;
        bare.settle().await
    }

    /// When the `n`th was made: three years, one after the other.
    fn moment(&self, n: usize, of_each: usize) -> i64 {
        let n = i64::try_from(n / of_each).unwrap_or(0);
        (self.now - 3 * 365 * DAY).saturating_add(n * 9_000_000)
    }

    fn person_of(&self, n: usize) -> (i64, String) {
        let at = self.moment(n, 1);
        (at, mould::id(PERSON, wide(n), at))
    }

    fn firm_of(&self, n: usize) -> (i64, String) {
        let at = self.moment(n * FIRM_EVERY, 1);
        (at, mould::id(FIRM_ID, wide(n), at))
    }

    /// Cases of `whose`, nineteen of twenty over, whole and without events; or of persons by turns, then with events cut short.
    async fn cast_cases(
        &mut self,
        bare: &mut Bare,
        count: usize,
        whose: Option<&str>,
    ) -> Result<(), Trouble> {
        let mut rows: Vec<Row> = Vec::new();
        for n in 0..count {
            let [over, open] = &self.cases;
            let stencil = if n % 20 == 0 { open } else { over };
            let at = self.now - DAY - i64::try_from(n).unwrap_or(0) * 60_000_000;
            let head = stencil.number.get(..31).unwrap_or_default();
            let date = clock::legal_date(clock::from_micros(at)).strftime("%Y%m%d");
            let ordinal = self.cases_cast;
            let fresh = |k: usize| mould::id(CASE + wide(k), wide(ordinal), at);
            let agency = |k: usize| {
                self.agencies.get((ordinal + k) % self.agencies.len().max(1)).cloned().unwrap_or_default()
            };
            let filling = Filling {
                at,
                ids: (0..stencil.ids.len()).map(fresh).collect(),
                number: format!("{head}{date}{}", 1_000_000 + ordinal),
                subject: whose.map_or_else(
                    || format!("person:{}", self.person_of(ordinal % self.persons.max(1)).1),
                    str::to_owned,
                ),
                agencies: (0..stencil.agencies.len()).map(agency).collect(),
                ordinal,
                without_events: whose.is_some(),
            };
            stencil.fill(&filling, &mut rows);
            self.cases_cast += 1;
            if rows.len() >= BATCH {
                self.rows += rows.len();
                bare.insert(&self.tables, &std::mem::take(&mut rows)).await?;
            }
        }
        self.rows += rows.len();
        bare.insert(&self.tables, &rows).await
    }
}

fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Rows that wait to be written together.
struct Batch<'a> {
    site: &'a Site,
    rows: Vec<Row>,
    written: usize,
}

impl Batch<'_> {
    async fn full(&mut self, tables: &[Table], bare: &mut Bare) -> Result<(), Trouble> {
        if self.rows.len() < BATCH { Ok(()) } else { self.write(tables, bare).await }
    }

    async fn write(&mut self, tables: &[Table], bare: &mut Bare) -> Result<(), Trouble> {
        self.written += self.rows.len();
        bare.insert(tables, &std::mem::take(&mut self.rows)).await?;
        // Says to the test cluster's watchman that somebody is still here.
        let _ = self.site.database.as_ref().map(|_| harness::cluster::admin_url());
        Ok(())
    }
}

/// Files two cases of the firm and cuts their stencils: one over, one open.
async fn cut_cases(
    recorder: &Recorder,
    bare: &Bare,
    tables: &[Table],
    agencies: &[String],
    first: Snapshot,
    subject: &str,
) -> Result<[Stencil; 2], Trouble> {
    let mut doors = [recorder.door.clone()];
    let crew = Crew::sign_in(&mut doors[0]).await?;
    let (mut before, mut cut) = (first, Vec::new());
    for stop in ["", "look"] {
        let begun = SystemClock.now().as_microsecond();
        let key = format!("mould-{stop}-of-the-city");
        let stops: Vec<&str> = Some(stop).filter(|s| !s.is_empty()).into_iter().collect();
        let number = life::live(&mut doors, &crew, "one-desk", &key, &stops).await?.number;
        let after = Snapshot::take(bare, tables).await?;
        let subject = subject.to_owned();
        let around = Around { tables, before: &before, after: &after, begun, number, key, subject, agencies };
        cut.push(Stencil::cut(&around)?);
        before = after;
    }
    <[Stencil; 2]>::try_from(cut).map_err(|_| "two stencils were to be cut".into())
}

/// An examiner of the city as who looks.
async fn examiner(ground: &Ground) -> Result<ActorRef, Trouble> {
    let kind = identity::SessionKind::Token;
    let signed = identity::sign_in(ground, "examiner2", identity::DEMO_PASSWORD, kind).await;
    let token = signed.map_err(|e| format!("signing in: {e}"))?.token;
    let session = identity::session(ground, &token).await?.ok_or("no session")?;
    let staff = session.staff().map_err(|e| format!("the examiner: {e}"))?;
    Ok(staff.actor_ref())
}

/// Somebody looks at `person` so many times, on various grounds, from various agencies, a few without a case.
async fn look(
    ground: &Ground,
    looker: &ActorRef,
    person: kernel::PersonId,
    times: i64,
) -> Result<(), Trouble> {
    const GROUNDS: [&str; 4] = ["examine", "verify", "prefill", "decide"];
    const AGENCIES: [&str; 3] = ["city.fire", "city.police", "city.licensing"];
    const AT_ONCE: i64 = 500;
    let begun = ground.clock.now().as_microsecond();
    for from in (0..times).step_by(500) {
        let mut cx = ground.begin(Lang::default(), looker.clone());
        for n in from..times.min(from + AT_ONCE) {
            let pick = usize::try_from(n).unwrap_or(0);
            cx.now = clock::from_micros(begun - n * 600_000_000);
            cx.actor.agency = AGENCIES.get(pick % 3).and_then(|code| AgencyCode::parse(code));
            let word = GROUNDS.get(pick % 4).copied().unwrap_or("examine");
            let purpose = match n % 50 {
                0 => trace::Purpose::new(word),
                _ => trace::Purpose::in_case(word, format_args!("CASE-{n}")),
            };
            let fields = vec!["person.name".to_owned(), "person.citizen_id".to_owned()];
            trace::look(&mut cx, &trace::Look { person, fields, purpose })?;
        }
        cx.finish().await.map_err(|e| format!("recording looks: {e}"))?;
    }
    Ok(())
}

/// Issues a certificate as a decision does.
async fn issue(ground: &Ground, holder: SubjectId) -> Result<certificates::CertificateId, Trouble> {
    let today = clock::legal_date(ground.clock.now());
    let new = certificates::NewCertificate {
        kind: "one-desk-permit".into(),
        type_code: format!("{BUREAU}103"),
        name: Text::new("单部门办理证", "One agency permit"),
        holder,
        holder_name: "印一".into(),
        holder_number_masked: "999***********9120".into(),
        issuer: AgencyCode::parse("city.licensing").ok_or("no agency")?,
        issuer_name: Text::new("合成市行政审批局", "Licensing Bureau of the synthetic city"),
        issuer_code: BUREAU.into(),
        valid_from: today,
        valid_until: Some(today.checked_add(365.days())?),
        fields: vec![certificates::CertField {
            key: "address".into(),
            label: Text::new("地址", "Address"),
            value: "合成市合成路18号一层".into(),
            public: true,
        }],
        template: TEMPLATE.into(),
        case_number: "11999999000090018830001901030002026112810000001".into(),
    };
    let actor = ActorRef { kind: ActorKind::System, ..ActorRef::system() };
    let issued =
        command!(ground, Lang::default(), actor, |cx| certificates::issue(&mut cx, new.clone()).await);
    issued.map_err(|e: Failure| format!("issuing: {e}").into())
}

/// Everything that `holder` holds.
async fn held_by(ground: &Ground, holder: SubjectId) -> Result<Held, Trouble> {
    let (mut held, mut after) = (Held::default(), None);
    loop {
        let page = certificates::held_by(&ground.store, holder, after.as_ref(), 100).await?;
        let Some(last) = page.last() else { return Ok(held) };
        after = Some(last.cursor());
        for one in &page {
            held.ids.push(one.id.to_string());
            held.numbers.push(one.identifier.clone());
            held.tokens.push(one.token.clone());
        }
    }
}
