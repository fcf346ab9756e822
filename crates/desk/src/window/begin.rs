//! A visit begins: by the card on the reader, by a number that was typed, or by registering whoever is not known yet. Serving of the ticket
//! in hand begins with it.

use super::{Said, VisitId, paper, purpose};
use crate::{Room, store as rows};
use axum::http::StatusCode;
use identity::{Clerk, NewPerson, Shown};
use kernel::codes::CitizenId;
use kernel::{Failure, Lang, Outcome, PersonId, SubjectId};
use page::{Ctx, FormState, Submitted};
use rows::Visit;
use trace::Look;

/// Documents by which a clerk knows somebody without a reader; the same words stand in the record.
pub(super) const DOCUMENTS: [(&str, &str); 4] = [
    ("居民身份证", "document-card"),
    ("临时居民身份证", "document-temporary"),
    ("户口簿", "document-household"),
    ("社会保障卡", "document-social"),
];

/// Who stands there.
#[derive(Clone)]
pub(super) enum Whom {
    /// Whose card was put on the reader since the page was opened: the one that the page saw, or whichever was.
    Card(OnReader),
    /// Somebody known, under the number that was typed.
    Known(PersonId, String),
    /// Somebody who is registered now.
    New(NewPerson, Shown),
}

/// A card on the reader, as a page says it: which, and since when.
pub(super) type OnReader = (Option<hall::model::CardId>, kernel::Timestamp);

/// The card that the sent page means; a page that does not say when it was opened means none.
pub(super) fn on_reader(sent: &Submitted) -> OnReader {
    let since = sent.get("_since").parse().unwrap_or(i64::MAX);
    (sent.get("_on").parse().ok(), kernel::clock::from_micros(since))
}

/// Who the sent form means; what is wrong is said in `form`, and `None` answered.
pub(super) async fn whom(room: &Room, sent: &Submitted, form: &mut FormState) -> Outcome<Option<Whom>> {
    if sent.has("_card") {
        return Ok(Some(Whom::Card(on_reader(sent))));
    }
    let typed: String = sent.get("citizen_id").split_whitespace().collect::<String>().to_uppercase();
    if typed.is_empty() {
        form.fail("citizen_id", "请输入公民身份号码。", "Type the citizen identity number.");
        return Ok(None);
    }
    if let Some(person) = identity::person_by_citizen_id(&room.house.ground.store, &typed).await? {
        return Ok(Some(Whom::Known(person, typed)));
    }
    // What looks like a slip of the finger is called one.
    let Ok(number) = typed.parse::<CitizenId>() else {
        form.fail(
            "citizen_id",
            "号码有误：位数或校验码不对，请对照证件重新输入。",
            "The number is wrong: its length or its check character. Compare it with the card.",
        );
        return Ok(None);
    };
    Ok(new_person(sent, number, form))
}

fn new_person(sent: &Submitted, number: CitizenId, form: &mut FormState) -> Option<Whom> {
    *form = std::mem::take(form).with("unknown", "yes");
    if !sent.has("_register") {
        form.fail(
            "citizen_id",
            "平台上还没有这个人。请核对号码；号码无误的，在下面登记后接着办。",
            "Nobody here has this number yet. Check it; if it is right, register the person below and go on.",
        );
        return None;
    }
    let document = sent.get("document");
    if !DOCUMENTS.iter().any(|(known, _)| *known == document) {
        form.fail("document", "请选择看了什么证件。", "Say which document you have seen.");
        return None;
    }
    let text = |name: &str| sent.get(name).to_owned();
    let new = NewPerson { name: text("name"), number, address: text("address"), phone: text("phone") };
    Some(Whom::New(new, Shown::Document { document: document.to_owned() }))
}

/// The visit begins with the look: if it cannot be recorded, nobody is shown.
pub(super) async fn begin(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    whom: &Whom,
    on_paper: Option<&paper::OnPaper>,
) -> Result<VisitId, Failure> {
    let terms = &room.hall;
    ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        begin_in(&mut cx, (who, terms), whom, on_paper, ctx.lang).await
    })
}

async fn begin_in(
    cx: &mut ::store::Cx,
    (who, terms): (&Clerk, &hall::Settings),
    whom: &Whom,
    on_paper: Option<&paper::OnPaper>,
    lang: Lang,
) -> Outcome<VisitId> {
    let mut said = Said::default();
    let (person, name) = match whom {
        Whom::Known(person, number) => {
            said.citizen_id.clone_from(number);
            let profile = identity::profile(cx.store(), SubjectId::Person(*person)).await?;
            (*person, profile.map(|p| p.name).unwrap_or_default())
        }
        Whom::New(new, shown) => {
            said.citizen_id = new.number.as_str().to_owned();
            (identity::register_at_window(cx, who, new.clone(), shown.clone()).await?, new.name.clone())
        }
        Whom::Card(on) => {
            let card = hall::verbs::take_card(cx, who, *on).await?;
            let (person, name) = of_card(cx, who, &card).await?;
            (said.citizen_id, said.by_card) = (card.number, true);
            (person, name)
        }
    };
    said.name = page::format::mask_name(&name);
    if let Some(hand) = hall::verbs::serve_in_hand(cx, terms, who).await? {
        said.ticket = Some((hand.id, hand.number));
    }
    paper::begin(&mut said, on_paper, lang);
    let visit = Visit { id: cx.new_id(), person, at: cx.now, rev: 1, said };
    let look = Look { person, fields: vec!["name".to_owned(), "case".to_owned()], purpose: purpose() };
    trace::look(cx, &look).map_err(Failure::from)?;
    let sealer = cx.store().sealer().clone();
    rows::add_visit(&mut cx.commit, &sealer, who.account(), &visit)?;
    Ok(visit.id)
}

/// Whose card it is; whoever is not known yet is registered with what stands on it.
pub(super) async fn of_card(
    cx: &mut ::store::Cx,
    who: &Clerk,
    card: &hall::model::Card,
) -> Outcome<(PersonId, String)> {
    let shown = Shown::Card { issuer: card.issuer.clone() };
    if let Some(person) = identity::person_by_citizen_id(cx.store(), &card.number).await? {
        identity::name_by_card(cx, who, person, &card.name, shown).await?;
        return Ok((person, card.name.clone()));
    }
    let wrong = |_| kernel::Fault::new("a card with a number that is none was kept");
    let new = NewPerson {
        name: card.name.clone(),
        number: card.number.parse().map_err(wrong)?,
        address: card.address.clone(),
        phone: String::new(),
    };
    Ok((identity::register_at_window(cx, who, new, shown).await?, card.name.clone()))
}

/// What was refused, at its field; a refusal without fields stands at the number.
pub(super) fn told(failure: Failure, form: &mut FormState) -> Result<StatusCode, Failure> {
    let Failure::Refused(no) = failure else { return Err(failure) };
    let own =
        ["hall.no-card", "hall.card-expired", "hall.off-duty", "identity.register", "identity.name-differs"];
    if !own.contains(&&*no.code) {
        return Err(Failure::Refused(no));
    }
    if no.fields.is_empty() {
        form.fail("citizen_id", no.sentence(Lang::ZhCn), no.sentence(Lang::En));
    }
    form.errors.extend(no.fields.iter().cloned());
    Ok(page::problem::status_of(&Failure::Refused(no)))
}
