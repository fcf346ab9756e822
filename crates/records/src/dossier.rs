//! What belongs into the archive package of a closed case: the case itself, its trace as anybody can check it, the notices and
//! certificates as issued, and the papers as they were filed.

use crate::archive::Dossiers;
use ::store::files;
use async_trait::async_trait;
use cases::{CaseEvent, CaseView, Scope};
use catalog::{Openness, Publicity, Retention};
use certificates::Signer;
use kernel::codes::CaseNumber;
use kernel::{Fault, FileId, Lang, Outcome, Refusal, Text};
use page::House;
use procedure::archive::{Entry, NewPackage};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use trace::Subject;

/// Gathers the papers of cases of this house.
#[derive(Clone)]
pub struct CaseDossiers {
    house: House,
    signer: Arc<Signer>,
}

impl CaseDossiers {
    /// Over the cases of `house`; `signer` signs certificates that were never printed before.
    pub fn new(house: House, signer: Arc<Signer>) -> Self {
        Self { house, signer }
    }

    async fn entries(&self, view: &CaseView, subject: &Subject) -> Outcome<Vec<Entry>> {
        let store = &self.house.ground.store;
        let case = serde_json::to_vec_pretty(&view.case).map_err(|e| Fault::from("writing a case", e))?;
        let log = trace::export(store, subject).await?.into_bytes();
        let mut entries = vec![
            entry("case.json".to_owned(), "application/json", case),
            entry("trace.jsonl".to_owned(), "application/jsonl", log),
        ];
        for (n, line) in procedure::notices(store, subject.as_str()).await?.iter().enumerate() {
            let pdf = procedure::notice_pdf(&self.house, line.id).await?;
            let name = format!("notices/{:02}-{}.pdf", n + 1, bare(line.name.get(Lang::ZhCn)));
            entries.push(entry(name, "application/pdf", pdf));
        }
        let number = view.case.number.to_string();
        for (n, certificate) in certificates::for_case(store, &number).await?.iter().enumerate() {
            let pdf = certificates::pdf(&self.house, &self.signer, certificate.id).await?;
            entries.push(entry(format!("certificates/{:02}.pdf", n + 1), "application/pdf", pdf));
        }
        for (n, file) in papers(view)?.into_iter().enumerate() {
            entries.push(self.file(&format!("papers/{:02}", n + 1), file).await?);
        }
        let served = procedure::services(store, subject.as_str()).await?;
        for (n, file) in served.iter().filter_map(|s| s.evidence).enumerate() {
            entries.push(self.file(&format!("services/{:02}", n + 1), file).await?);
        }
        let talk = cases::whole_talk(store, view.case.id).await?;
        if !talk.is_empty() {
            entries.push(entry("talk.jsonl".to_owned(), "application/jsonl", said(&talk)));
        }
        Ok(entries)
    }

    async fn file(&self, place: &str, file: FileId) -> Outcome<Entry> {
        let (info, bytes) = files::read(&self.house.ground.store, file).await?;
        Ok(entry(format!("{place}-{}", bare(&info.name)), info.kind.mime(), bytes))
    }
}

#[async_trait]
impl Dossiers for CaseDossiers {
    async fn dossier(&self, number: &str) -> Outcome<Option<NewPackage>> {
        let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
        let view = cases::view(&self.house.ground.store, &number, &Scope::program()).await?;
        let (Some(closed_at), true) = (view.row.closed_at, view.case.state.ended()) else { return Ok(None) };
        if came_in_ended(&view) {
            return Ok(None);
        }
        let subject = Subject::new("case", view.case.id);
        let item = &view.item.item;
        Ok(Some(NewPackage {
            entries: self.entries(&view, &subject).await?,
            subject: subject.as_str().to_owned(),
            reference: number.to_string(),
            agency: view.case.agency.clone(),
            title: item.name.get(Lang::ZhCn).to_owned(),
            retention: item.retention.clone().unwrap_or_else(retention),
            openness: view.openness().cloned().or_else(|| item.openness.clone()).unwrap_or_else(openness),
            closed_at,
        }))
    }
}

/// Whether all that happened was told by another system: such a case is archived where it was closed.
fn came_in_ended(view: &CaseView) -> bool {
    let first = view.events.first().filter(|first| matches!(first.event, CaseEvent::Imported(_)));
    first.is_some_and(|first| view.events.iter().all(|e| e.recorded_at == first.recorded_at))
}

fn entry(name: String, media: &str, bytes: Vec<u8>) -> Entry {
    Entry { name, media: media.to_owned(), bytes }
}

/// A name without what makes folders and odd files.
fn bare(name: &str) -> String {
    let fine = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    name.chars().map(fine).take(80).collect::<String>().trim_start_matches('.').to_owned()
}

/// For items whose pack says nothing: the longest term that is not for ever, so that nothing goes too early.
fn retention() -> Retention {
    let basis = Text::new(
        "事项未规定保管期限，按最长的定期（30年）保管（机关文件材料归档范围和文书档案保管期限规定）",
        "The item sets no term; the longest limited one, 30 years, is taken (rules on the retention of administrative files)",
    );
    Retention { years: Some(30), basis }
}

/// For items whose pack says nothing: whoever asks gets an answer, nothing is published by itself.
fn openness() -> Openness {
    let ground =
        Text::new("政府信息公开条例第二十七条", "Regulations on Open Government Information, art. 27");
    Openness { attribute: Publicity::OnRequest, ground }
}

/// What was said between the applicant and the body, and the notes of staff, a line each.
fn said(talk: &[cases::TalkRow]) -> Vec<u8> {
    let line = |row: &cases::TalkRow| {
        let line = json!({
            "seq": row.seq, "kind": row.kind, "side": if row.staff { "staff" } else { "applicant" },
            "agency": row.agency, "at": row.at, "text": row.text,
        });
        format!("{line}\n")
    };
    talk.iter().map(line).collect::<String>().into_bytes()
}

/// Where events name files: pages handed in, what an inspection or a leave rests on, what proves a claim or a capacity, the paper that
/// was signed at a window.
const FILES: [&str; 4] = ["file", "evidence", "proof", "paper"];

/// Every file that was handed in or taken to the file, at the filing and later, as the events name them, in their order.
fn papers(view: &CaseView) -> Result<Vec<FileId>, Fault> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for recorded in &view.events {
        let body = serde_json::to_value(&recorded.event).map_err(|e| Fault::from("writing an event", e))?;
        collect(&body, &mut |id| {
            if seen.insert(id.to_string()) {
                found.push(id);
            }
        });
    }
    Ok(found)
}

/// Files stand in answers as `{file: …}` and among papers as `{how: file, what: …}`.
fn collect(value: &Value, found: &mut impl FnMut(FileId)) {
    match value {
        Value::Object(map) => {
            let of_kind = map.get("how").and_then(Value::as_str) == Some("file");
            let named =
                FILES.iter().filter_map(|name| map.get(*name)).chain(map.get("what").filter(|_| of_kind));
            let each =
                named.flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
            each.filter_map(|id| id.as_str()?.parse().ok()).for_each(&mut *found);
            map.values().for_each(|inner| collect(inner, found));
        }
        Value::Array(all) => all.iter().for_each(|inner| collect(inner, found)),
        _ => {}
    }
}
