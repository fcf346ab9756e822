//! Evidence: what staff upload with an act (the record and pictures of a visit, the proof of a service), and how it is shown with the case. Pictures stay as they were taken: when and where is part of what they prove.

use crate::read_act::name_of;
use crate::who::Who;
use crate::{Room, WORDS};
use cases::{CaseEvent, CaseView, Witness};
use kernel::{Failure, FileId, Lang, Outcome, Refusal, RefusalKind, SubjectId, Timestamp};
use page::{Ctx, Submitted, format};
use procedure::{Leave, NoticeLine};
use store::files::{self, FileInfo, Limits, Upload};

/// The acts that take files, the field, and how many.
const FIELDS: [(&str, &str, usize); 6] = [
    ("record_visit", "evidence", 9),
    ("serve", "evidence", 1),
    ("extend", crate::leave::DOCUMENT, 1),
    ("confirm_party", "paper", 1),
    ("for_party", "paper", 1),
    ("for_party", "given", 9),
];

/// A file that came with an act and is kept, for the act to use or for another try.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// The field, by its name on the page.
    pub field: String,
    pub file: FileId,
    pub name: String,
}

/// How many files a field takes.
pub(crate) fn most(verb: &str, field: &str) -> usize {
    FIELDS.iter().find(|(v, f, _)| (*v, *f) == (verb, field)).map_or(1, |(_, _, most)| *most)
}

/// The hidden field that names what was uploaded at an earlier try.
pub(crate) fn kept_name(field: &str) -> String {
    format!("{field}.kept")
}

/// Keeps what was uploaded with the act that was sent, beside what an earlier try has kept: nobody chooses a file twice.
///
/// # Errors
/// What is wrong with a file, at its field; `desk.not-your-file` for one that somebody else uploaded.
pub(crate) async fn keep(room: &Room, ctx: &Ctx, who: &Who, sent: &Submitted) -> Outcome<Vec<Kept>> {
    let verb = sent.get("verb");
    let mut all = Vec::new();
    for (_, field, most) in FIELDS.iter().filter(|(v, _, _)| *v == verb) {
        let field = name_of(verb, field);
        let mut kept = earlier(room, who, sent, &field).await?;
        for upload in sent.files().iter().filter(|f| f.field == field) {
            let upload = Upload { name: upload.name.clone(), bytes: upload.bytes.clone() };
            let info = keep_one(room, ctx, who, upload).await.map_err(|e| placed(e, &field))?;
            kept.push(Kept { field: field.clone(), file: info.id, name: info.name });
        }
        if kept.len() > *most {
            return Err(too_many(&field, *most).into());
        }
        all.extend(kept);
    }
    Ok(all)
}

async fn keep_one(room: &Room, ctx: &Ctx, who: &Who, upload: Upload) -> Outcome<FileInfo> {
    let limits = Limits::default();
    ::store::command!(room.house.ground, ctx.lang, who.handler.actor_ref(), |cx| {
        files::keep_loose(&mut cx, upload.clone(), &limits).await
    })
}

/// What an earlier try has kept, if it was this account's.
async fn earlier(room: &Room, who: &Who, sent: &Submitted, field: &str) -> Outcome<Vec<Kept>> {
    let store = &room.house.ground.store;
    let mut kept = Vec::new();
    for id in sent.all(&kept_name(field)) {
        let id: FileId = id.parse().map_err(|_| not_yours(field))?;
        let info = files::info(store, id).await?.filter(|info| info.owner == Some(who.account));
        let info = info.ok_or_else(|| not_yours(field))?;
        if kept.iter().all(|k: &Kept| k.file != id) {
            kept.push(Kept { field: field.to_owned(), file: id, name: info.name });
        }
    }
    Ok(kept)
}

/// What is wrong with a file stands at its field.
fn placed(failure: Failure, field: &str) -> Failure {
    match failure {
        Failure::Refused(no) if no.fields.is_empty() => {
            let (zh, en) = (no.sentence(Lang::ZhCn), no.sentence(Lang::En));
            Failure::Refused(no.field(field, zh, en))
        }
        other => other,
    }
}

fn not_yours(field: &str) -> Refusal {
    let (zh, en) = ("这个文件已经不在了，请重新选择。", "That file is gone: choose it again.");
    Refusal::new(RefusalKind::Invalid, "desk.not-your-file", zh, en).field(field, zh, en)
}

fn too_many(field: &str, most: usize) -> Refusal {
    let (zh, en) = (format!("最多上传{most}个文件。"), format!("{most} files at most."));
    Refusal::new(RefusalKind::Invalid, "desk.too-many-files", zh.clone(), en.clone()).field(field, zh, en)
}

/// A visit or a service with its proof, as the page shows it.
pub(crate) struct Proof {
    pub title: String,
    pub at: String,
    pub facts: Vec<(String, String)>,
    pub files: Vec<(String, String)>,
}

/// Every visit, every leave for more time and every service of the case in their order, with what proves them.
pub(crate) async fn proofs(
    room: &Room,
    view: &CaseView,
    notices: &[NoticeLine],
    lang: Lang,
) -> Outcome<Vec<Proof>> {
    let w = WORDS.say(lang);
    let mut all = Vec::new();
    for event in &view.events {
        if let CaseEvent::Extended { leave: Some(leave), .. } = &event.event {
            let proof = of_leave(leave, event.occurred_at, lang);
            let files = links(room, view, leave.evidence.as_slice()).await?;
            all.push((event.occurred_at, Proof { files, ..proof }));
        }
        let said_by = match &event.event {
            CaseEvent::PartyConfirmed { subject, .. } => Some((*subject, None)),
            CaseEvent::SaidAtWindow(said) => Some((said.subject, Some(said.act.as_str()))),
            _ => None,
        };
        if let (Some(said_by), Some(witness)) = (said_by, event.event.witness()) {
            let proof = of_witness(view, said_by, witness, event.occurred_at, lang);
            let files = links(room, view, witness.paper.as_slice()).await?;
            all.push((event.occurred_at, Proof { files, ..proof }));
        }
        let CaseEvent::Visited { visit, .. } = &event.event else { continue };
        let facts = vec![
            (w.t("field-place").into_owned(), visit.place.clone()),
            (w.t("field-officers").into_owned(), visit.officers.join(w.t("list-gap").as_ref())),
            (w.t("field-record").into_owned(), visit.record.clone()),
        ];
        let title = w.t("proof-visit").into_owned();
        let files = links(room, view, &visit.evidence).await?;
        all.push((visit.at, Proof { title, at: format::moment(lang, visit.at), facts, files }));
    }
    let services = procedure::services(&room.house.ground.store, &format!("case:{}", view.row.id)).await?;
    for service in services {
        let notice = notices.iter().find(|n| n.id == service.notice);
        let name = notice.map(|n| n.name.get(lang).to_owned()).unwrap_or_default();
        let mut facts = vec![(w.t("field-way").into_owned(), service.way.name().get(lang).to_owned())];
        facts.extend(service.way.proof().map(|(label, value)| (label.get(lang).to_owned(), value)));
        if service.effective_at != service.at {
            facts.push((w.t("proof-effective").into_owned(), format::moment(lang, service.effective_at)));
        }
        let title = w.with("proof-service", &[("notice", name)]);
        let files = links(room, view, &service.evidence.into_iter().collect::<Vec<_>>()).await?;
        all.push((service.at, Proof { title, at: format::moment(lang, service.at), facts, files }));
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, proof)| proof).collect())
}

/// The leave of the head of the government, as its document says.
fn of_leave(leave: &Leave, at: Timestamp, lang: Lang) -> Proof {
    let w = WORDS.say(lang);
    let facts = vec![
        (w.t("field-leave-body").into_owned(), leave.body.clone()),
        (w.t("field-leave-signer").into_owned(), leave.signer.clone()),
        (w.t("field-leave-number").into_owned(), leave.number.clone()),
        (w.t("field-leave-on").into_owned(), format::date(lang, leave.on)),
    ];
    let title = w.t("proof-leave").into_owned();
    Proof { title, at: format::moment(lang, at), facts, files: Vec::new() }
}

/// What a party said or did at a window: why there, who wrote it down, and what they signed.
fn of_witness(
    view: &CaseView,
    (party, act): (SubjectId, Option<&str>),
    witness: &Witness,
    at: Timestamp,
    lang: Lang,
) -> Proof {
    let w = WORDS.say(lang);
    let named = view.case.parties.iter().find(|p| p.subject == party);
    let name = named.map(|p| format::mask_name(&p.name)).unwrap_or_default();
    let form = if act.is_some() { "for-party" } else { "confirm-party" };
    let label = |field: &str| w.t(&format!("field-{form}-{field}")).into_owned();
    let mut facts = vec![
        (label("ground"), witness.ground.clone()),
        (w.t("proof-word-by").into_owned(), witness.number.clone()),
    ];
    facts.extend(witness.reference.clone().map(|r| (label("reference"), r)));
    facts.retain(|(_, said)| !said.is_empty());
    let title = match act {
        None => w.with("proof-word", &[("name", name)]),
        Some(act) => {
            let act = w.t(&format!("does-{}", act.replace('_', "-"))).into_owned();
            w.with("proof-said", &[("name", name), ("act", act)])
        }
    };
    Proof { title, at: format::moment(lang, at), facts, files: Vec::new() }
}

/// The addresses and names of files of the case.
async fn links(room: &Room, view: &CaseView, files: &[FileId]) -> Outcome<Vec<(String, String)>> {
    let mut found = Vec::new();
    for file in files {
        if let Some(info) = files::info(&room.house.ground.store, *file).await? {
            found.push((format!("/desk/cases/{}/files/{file}", view.row.number), info.name));
        }
    }
    Ok(found)
}

/// Whether the file belongs to the case as evidence: of a visit, a leave, a service or a dispute.
pub(crate) async fn belongs(room: &Room, view: &CaseView, file: FileId) -> Outcome<bool> {
    let visited = |e: &CaseEvent| match e {
        CaseEvent::Visited { visit, .. } => visit.evidence.contains(&file),
        CaseEvent::Extended { leave: Some(leave), .. } => leave.evidence == Some(file),
        other => other.witness().is_some_and(|w| w.paper == Some(file)),
    };
    if view.case.disputes.iter().any(|d| d.proof == Some(file))
        || view.events.iter().any(|e| visited(&e.event))
    {
        return Ok(true);
    }
    let services = procedure::services(&room.house.ground.store, &format!("case:{}", view.row.id)).await?;
    Ok(services.iter().any(|s| s.evidence == Some(file)))
}
