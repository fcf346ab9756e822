//! `/space/rights/copy`: everything held about a person as one ZIP — JSON for machines, an index for people — sent while it is read
//! (PIPL article 45). That it was taken along is written down before anything is read, and is a look like all others.

use super::Room;
use crate::model::RequestId;
use crate::plain::{self, Agents, Known};
use crate::settings::Settings;
use crate::{WORDS, store as rows, verbs};
use ::store::{Store, command};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use cases::Scope;
use futures::TryStreamExt as _;
use identity::{Applicant, Sure};
use kernel::{Failure, Fault, FileId, Lang, Outcome, Refusal, RefusalKind, Timestamp};
use page::{Answer, Ctx, Submitted, format};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, VecDeque};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use trace::{LookFilter, Purpose};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

/// So many rows are held at a time.
const AT_ONCE: i64 = 50;
/// The files, in their order; each has its words.
const FILES: [&str; 11] = [
    "profile",
    "drafts",
    "cases",
    "certificates",
    "papers",
    "payments",
    "looks",
    "requests",
    "ratings",
    "parcels",
    "appointments",
];

/// What is gathered, and for whom.
struct Gather {
    store: Store,
    who: Applicant,
    lang: Lang,
    now: Timestamp,
    known: Known,
    facts: Map<String, Value>,
}

/// POST /space/rights/copy.
pub(super) async fn post(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    _sure: Sure,
    _: Submitted,
) -> Answer {
    if !who.as_person() {
        return Err(as_person().into());
    }
    let (calendar, actor, terms) = (room.house.calendar.as_ref(), who.actor_ref(), &room.terms);
    let facts: Map<String, Value> =
        command!(room.house.ground, ctx.lang, actor, |cx| { begun(&mut cx, calendar, terms, &who).await })?;
    let store = room.house.ground.store.clone();
    let known = Known::load(&store).await?;
    let gather = Arc::new(Gather { store, who, lang: ctx.lang, now: ctx.now, known, facts });
    let name = format!("attachment; filename=\"my-data-{}.zip\"", kernel::clock::legal_date(ctx.now));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment")),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, body(gather, ctx.request_id)).into_response())
}

async fn begun(
    cx: &mut ::store::Cx,
    calendar: &kernel::Calendar,
    terms: &Settings,
    who: &Applicant,
) -> Outcome<Map<String, Value>> {
    let id: RequestId = verbs::copied(cx, calendar, terms, who).await?;
    let purpose = Purpose::in_case("copy", format_args!("request:{id}"));
    identity::known_facts(cx, who.subject(), who.person(), &purpose).await
}

pub(super) fn as_person() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "supervision.as-person",
        "这是您个人的权利，请先换成以您本人的身份办理。",
        "This is a right of yours as a person: act for yourself first.",
    )
    .next("请在页面上方“切换身份”中选择本人。", "Choose yourself under “Switch” at the top of the page.")
}

/// Where the ZIP is written to before it is sent.
#[derive(Clone, Default)]
struct Bucket(Arc<Mutex<Vec<u8>>>);

impl Bucket {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Bucket {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The ZIP while it is written: which file, from where on, and how many entries each had.
struct Writing {
    zip: ZipWriter<StreamWriter<Bucket>>,
    bucket: Bucket,
    file: usize,
    cursor: Option<String>,
    inside: bool,
    counts: Vec<usize>,
    /// The files of papers that come at the end, one after the other: name and file, each file once.
    files: VecDeque<(String, FileId)>,
    named: BTreeSet<FileId>,
}

/// One page of a file.
#[derive(Default)]
struct Part {
    rows: Vec<Value>,
    next: Option<String>,
    files: Vec<(String, FileId)>,
}

fn body(gather: Arc<Gather>, request: String) -> Body {
    let bucket = Bucket::default();
    let zip = ZipWriter::new_stream(bucket.clone());
    let counts = vec![0; FILES.len()];
    let (files, named) = (VecDeque::new(), BTreeSet::new());
    let start = Writing { zip, bucket, file: 0, cursor: None, inside: false, counts, files, named };
    let parts = futures::stream::try_unfold(Some(start), move |state| {
        let gather = Arc::clone(&gather);
        async move {
            let Some(writing) = state else { return Ok(None) };
            step(writing, &gather).await.map(Some)
        }
    });
    Body::from_stream(parts.map_err(move |failure: Failure| {
        tracing::error!(request, %failure, "a copy could not be written to its end");
        std::io::Error::other("the copy could not be written to its end")
    }))
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Fault::from("writing a copy", error).into()
}

/// One page more, or one paper, or the index and the end.
async fn step(mut w: Writing, gather: &Gather) -> Outcome<(Bytes, Option<Writing>)> {
    let Some(name) = FILES.get(w.file) else {
        if let Some((name, file)) = w.files.pop_front() {
            return paper(w, gather, &name, file).await;
        }
        w.zip.start_file("index.html", SimpleFileOptions::default()).map_err(broken)?;
        w.zip.write_all(index(gather, &w.counts)?.as_bytes()).map_err(broken)?;
        let Writing { zip, bucket, .. } = w;
        zip.finish().map_err(broken)?;
        return Ok((Bytes::from(bucket.take()), None));
    };
    if !w.inside {
        w.zip.start_file(format!("{name}.json"), SimpleFileOptions::default()).map_err(broken)?;
        w.zip.write_all(b"[").map_err(broken)?;
        w.inside = true;
    }
    let part = gather.part(name, w.cursor.take()).await?;
    let named = &mut w.named;
    w.files.extend(part.files.into_iter().filter(|(_, file)| named.insert(*file)));
    let count = w.counts.get_mut(w.file).ok_or_else(|| Fault::new("a file without its count"))?;
    for row in part.rows {
        let text = serde_json::to_string_pretty(&row).map_err(broken)?;
        let between = if *count == 0 { "\n" } else { ",\n" };
        w.zip.write_all(format!("{between}{text}").as_bytes()).map_err(broken)?;
        *count += 1;
    }
    match part.next {
        Some(next) => w.cursor = Some(next),
        None => {
            w.zip.write_all(b"\n]\n").map_err(broken)?;
            (w.inside, w.file) = (false, w.file + 1);
        }
    }
    let bytes = Bytes::from(w.bucket.take());
    Ok((bytes, Some(w)))
}

/// One paper as it was handed in; one is held at a time. What was taken back meanwhile is left out.
async fn paper(
    mut w: Writing,
    gather: &Gather,
    name: &str,
    file: FileId,
) -> Outcome<(Bytes, Option<Writing>)> {
    match ::store::files::read(&gather.store, file).await {
        Ok((_, bytes)) => {
            // Pictures and PDF are packed already.
            let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            w.zip.start_file(name, packed).map_err(broken)?;
            w.zip.write_all(&bytes).map_err(broken)?;
        }
        Err(Failure::Refused(_)) => {}
        Err(failure) => return Err(failure),
    }
    let bytes = Bytes::from(w.bucket.take());
    Ok((bytes, Some(w)))
}

#[derive(askama::Template)]
#[template(path = "copy_index.html")]
struct Index {
    lang: &'static str,
    w: page::Say,
    made: String,
    files: Vec<(String, String, String, String)>,
}

fn index(gather: &Gather, counts: &[usize]) -> Outcome<String> {
    let w = WORDS.say(gather.lang);
    let file = |(name, count): (&&str, &usize)| {
        let text = |part: &str| w.t(&format!("copy-{name}{part}")).into_owned();
        (format!("{name}.json"), text(""), text("-text"), count.to_string())
    };
    let page = Index {
        lang: gather.lang.tag(),
        w,
        made: format::moment(gather.lang, gather.now),
        files: FILES.iter().zip(counts).map(file).collect(),
    };
    askama::Template::render(&page).map_err(broken)
}

impl Gather {
    async fn part(&self, file: &str, cursor: Option<String>) -> Outcome<Part> {
        match file {
            "profile" => self.profile().await,
            "drafts" => self.drafts().await,
            "cases" => self.cases(cursor).await,
            "certificates" => self.certificates(cursor).await,
            "papers" => self.papers(cursor).await,
            "payments" => self.payments(cursor).await,
            "looks" => self.looks(cursor).await,
            "requests" => self.requests(cursor).await,
            "ratings" => self.ratings(cursor).await,
            "parcels" => self.parcels(cursor).await,
            _ => self.appointments(cursor).await,
        }
    }

    /// Our own words for elements beside what is known.
    async fn profile(&self) -> Outcome<Part> {
        let names = self.known.names();
        let fact = |(key, value): (&String, &Value)| json!({"element": key, "name": names.field(key, self.lang), "value": value});
        let mut rows: Vec<Value> = self.facts.iter().map(fact).collect();
        // Whose people a guardian belongs to is nothing of the child's.
        if self.who.mandate().is_none() {
            for mandate in self.who.memberships(&self.store, self.now).await? {
                rows.push(
                    json!({"element": "mandate", "name": mandate.name, "value": mandate.role.to_string()}),
                );
            }
        }
        Ok(Part { rows, ..Part::default() })
    }

    async fn drafts(&self) -> Outcome<Part> {
        let mut rows = Vec::new();
        for row in cases::my_drafts(&self.store, &self.who).await? {
            let answers = match cases::draft(&self.store, &self.who, row.id).await {
                Ok(view) => json!({"answers": view.answers, "known": view.known}),
                // Filed or gone meanwhile: then it stands among the cases.
                Err(Failure::Refused(_)) => continue,
                Err(failure) => return Err(failure),
            };
            rows.push(json!({
                "id": row.id, "name": row.name.get(self.lang), "saved_at": row.saved_at.to_string(), "content": answers,
            }));
        }
        Ok(Part { rows, ..Part::default() })
    }

    async fn cases(&self, cursor: Option<String>) -> Outcome<Part> {
        let page = cases::my_cases(&self.store, &self.who, cursor.as_deref(), AT_ONCE).await?;
        let scope = Scope::from(&self.who);
        let mut rows = Vec::new();
        for row in page.rows {
            // As the person sees it: what registers say of another party is not theirs.
            let view = cases::view(&self.store, &row.number, &scope).await?;
            let acts = view
                .events
                .iter()
                .map(|e| json!({"at": e.occurred_at.to_string(), "act": trace::Event::kind(&e.event)}));
            rows.push(json!({
                "number": row.number.to_string(),
                "item": row.item_name.get(self.lang),
                "agency": self.known.names().agency(&row.agency, self.lang),
                "state": cases::state_name(&row.state).get(self.lang),
                "filed_at": row.filed_at.to_string(),
                "closed_at": row.closed_at.map(|at| at.to_string()),
                "answers": view.case.answers,
                "papers": view.case.materials,
                "registers_said": view.case.facts,
                "acts": acts.collect::<Vec<_>>(),
            }));
        }
        Ok(Part { rows, next: page.next, ..Part::default() })
    }

    async fn certificates(&self, cursor: Option<String>) -> Outcome<Part> {
        let after = cursor.as_deref().and_then(|c| c.parse::<certificates::Cursor>().ok());
        let held = certificates::held_by(&self.store, self.who.subject(), after.as_ref(), AT_ONCE).await?;
        let next = full(&held).then(|| held.last().map(|c| c.cursor().to_string())).flatten();
        let row = |c: &certificates::Certificate| {
            json!({
                "identifier": c.identifier, "name": c.name.get(self.lang), "issuer": c.issuer_name.get(self.lang),
                "valid_from": c.valid_from.to_string(), "valid_until": c.valid_until.map(|d| d.to_string()),
                "state": c.state(self.now).word(), "fields": c.fields, "case": c.case_number,
            })
        };
        Ok(Part { rows: held.iter().map(row).collect(), next, ..Part::default() })
    }

    async fn papers(&self, cursor: Option<String>) -> Outcome<Part> {
        let after = cursor.as_deref().and_then(|c| c.parse::<proofs::Cursor>().ok());
        let kept = proofs::list(&self.store, self.who.subject(), after.as_ref(), AT_ONCE).await?;
        let next = full(&kept).then(|| kept.last().map(|p| p.cursor().to_string())).flatten();
        let mut files = Vec::new();
        for paper in &kept {
            for (nth, file) in paper.files.iter().enumerate() {
                let info = ::store::files::info(&self.store, *file).await?;
                files.extend(
                    info.map(|i| (format!("papers/{}/{nth}.{}", paper.id, i.kind.extension()), *file)),
                );
            }
        }
        let row = |p: &proofs::Proof| {
            let own: Vec<&str> =
                files.iter().filter(|(_, f)| p.files.contains(f)).map(|(n, _)| n.as_str()).collect();
            json!({
                "id": p.id, "name": p.name.get(self.lang), "handed_in": p.at.to_string(), "grade": p.grade.word(),
                "purpose": p.purpose.get(self.lang), "case": p.case, "valid_until": p.valid_until.map(|d| d.to_string()),
                "kept_by_law": p.kept_by_law.as_ref().map(|l| l.get(self.lang)), "files": own,
                "page": format!("/space/papers/{}", p.id),
            })
        };
        let rows = kept.iter().map(row).collect();
        Ok(Part { rows, next, files })
    }

    async fn looks(&self, cursor: Option<String>) -> Outcome<Part> {
        let (filter, before) = (LookFilter::default(), cursor.and_then(|c| c.parse().ok()));
        let found =
            trace::looks(&self.store, self.who.data_subject(), &filter, self.now, before, AT_ONCE).await?;
        let next = full(&found).then(|| found.last().map(|l| l.id.to_string())).flatten();
        let me = self.who.data_subject();
        let agents = Agents::of(&self.store, me, &found).await?;
        let rows = found.iter().map(|look| {
            let line = plain::line(look, me, &agents, self.known.names(), self.lang);
            json!({
                "at": look.at.to_string(), "who": line.who, "what": line.what, "why": line.why, "law": line.law,
                "case": look.purpose.case, "without_a_case": look.stray,
            })
        });
        Ok(Part { rows: rows.collect(), next, ..Part::default() })
    }

    async fn requests(&self, cursor: Option<String>) -> Outcome<Part> {
        let before = super::place(cursor.as_deref(), i64::MAX)?;
        let found = rows::list_of(&self.store, self.who.data_subject(), before, AT_ONCE).await?;
        let next = full(&found)
            .then(|| found.last().map(|r| format!("{}.{}", r.at.as_microsecond(), r.id)))
            .flatten();
        let mut out = Vec::new();
        for row in &found {
            let opened = super::view::open(&self.store, row).await?;
            let shown = super::view::shown(&opened, self.known.names(), self.lang);
            out.push(json!({
                "kind": row.kind.word(), "at": row.at.to_string(), "state": row.state.word(), "due": shown.due,
                "text": shown.text, "answer": shown.answer.map(|a| json!({"reason": a.reason, "measures": a.measures})),
            }));
        }
        Ok(Part { rows: out, next, ..Part::default() })
    }

    async fn payments(&self, cursor: Option<String>) -> Outcome<Part> {
        let before = super::place(cursor.as_deref(), i64::MAX)?;
        let found = payment::verbs::own_bills(&self.store, &self.who, before, AT_ONCE).await?;
        let next = full(&found)
            .then(|| found.last().map(|b| format!("{}.{}", b.row.at.as_microsecond(), b.row.id)))
            .flatten();
        let receipt = |r: &payment::ReceiptRow| {
            json!({
                "number": r.number, "at": r.at.to_string(), "amount_fen": r.amount, "means": r.means.word(),
                "takes_back": r.red_of,
            })
        };
        let row = |b: &payment::verbs::OwnBill| {
            let title = if self.lang == Lang::ZhCn { &b.row.title_zh } else { &b.row.title_en };
            json!({
                "code": b.row.code.to_string(), "case": b.row.number, "title": title, "state": b.row.state.word(),
                "at": b.row.at.to_string(), "total_fen": b.row.total, "owed_fen": b.row.owed,
                "receipts": b.receipts.iter().map(receipt).collect::<Vec<_>>(),
            })
        };
        Ok(Part { rows: found.iter().map(row).collect(), next, ..Part::default() })
    }

    async fn ratings(&self, cursor: Option<String>) -> Outcome<Part> {
        let before = super::place(cursor.as_deref(), i64::MAX)?;
        let found = ratings::given(&self.store, &self.who, before, AT_ONCE).await?;
        let next = full(&found)
            .then(|| found.last().map(|g| format!("{}.{}", g.row.at.as_microsecond(), g.row.id)))
            .flatten();
        let row = |g: &ratings::Given| {
            let said = &g.rating.said;
            json!({
                "case": g.row.case(), "at": g.rating.at.to_string(), "level": said.level.code(),
                "reasons": said.reasons, "text": said.text, "named": said.named,
                "answer": g.rating.answer.as_ref().map(|(text, _)| text),
            })
        };
        Ok(Part { rows: found.iter().map(row).collect(), next, ..Part::default() })
    }

    /// Parcels, and on the first page the address book.
    async fn parcels(&self, cursor: Option<String>) -> Outcome<Part> {
        let before = super::place(cursor.as_deref(), i64::MAX)?;
        let mut rows: Vec<Value> = Vec::new();
        if cursor.is_none() {
            for entry in delivery::verbs::entries(&self.store, &self.who, self.lang).await? {
                let told = entry
                    .told
                    .map(|t| json!({"street": t.street, "recipient": t.recipient, "phone": t.phone}));
                rows.push(json!({"address": told, "division": entry.division, "usual": entry.usual}));
            }
        }
        let found = delivery::verbs::mine(&self.store, &self.who, before, AT_ONCE).await?;
        let next = full(&found)
            .then(|| found.last().map(|p| format!("{}.{}", p.at.as_microsecond(), p.id)))
            .flatten();
        rows.extend(found.iter().map(|p| {
            json!({"parcel": p.number, "case": p.case_no, "at": p.at.to_string(), "state": p.state, "how": p.how})
        }));
        Ok(Part { rows, next, ..Part::default() })
    }

    async fn appointments(&self, cursor: Option<String>) -> Outcome<Part> {
        let before = super::place(cursor.as_deref(), i64::MAX)?;
        let found = appointments::mine(&self.store, &self.who, &before, AT_ONCE).await?;
        let next = full(&found)
            .then(|| found.last().map(|r| format!("{}.{}", r.starts_at.as_microsecond(), r.id)))
            .flatten();
        let row = |r: &appointments::AppointmentRow| {
            json!({
                "code": r.code, "hall": r.hall, "item": r.item_key, "name": r.name, "for": r.for_name,
                "starts_at": r.starts_at.to_string(), "ends_at": r.ends_at.to_string(), "booked_at": r.booked_at.to_string(),
                "state": r.state.word(), "closed": r.closed, "ticket": r.ticket,
            })
        };
        Ok(Part { rows: found.iter().map(row).collect(), next, ..Part::default() })
    }
}

/// Whether more may follow.
fn full<T>(rows: &[T]) -> bool {
    i64::try_from(rows.len()).is_ok_and(|n| n == AT_ONCE)
}
