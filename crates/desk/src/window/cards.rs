//! Another party's card on the reader while the form is open: the number and the name come into that party's fields, and they count as
//! standing there.

use super::begin::{self, OnReader};
use super::fill;
use crate::store::{self as rows, Visit};
use crate::{Room, WORDS};
use ::store::Cx;
use cases::DraftView;
use hall::model::Card;
use identity::Clerk;
use kernel::{Failure, FieldError, Lang, Outcome, Refusal, RefusalKind, Text};
use page::Submitted;
use trace::Look;

/// Takes the card into the visit, by one commit; what is wrong is answered.
pub(super) async fn another(
    room: &Room,
    who: &Clerk,
    visit: &mut Visit,
    sent: &Submitted,
    lang: Lang,
) -> Outcome<Vec<FieldError>> {
    let view = fill::open(room, who, visit).await?;
    let (on, pressed) = (begin::on_reader(sent), sent.get("_card"));
    let before = &*visit;
    let done = ::store::command!(room.house.ground, lang, who.actor_ref(), |cx| {
        take(&mut cx, who, (before, &view), (on, pressed)).await
    });
    match done {
        Ok(changed) => {
            *visit = changed;
            Ok(Vec::new())
        }
        Err(Failure::Refused(no)) => {
            let field = no.fields.first().map(|e| e.field.clone()).unwrap_or_default();
            let say = Text::new(no.sentence(Lang::ZhCn), no.sentence(Lang::En));
            Ok(vec![FieldError { field, say }])
        }
        Err(fault) => Err(fault),
    }
}

/// The card, the look at whose it is, and the visit in which they stand; whoever is not known yet is registered.
async fn take(
    cx: &mut Cx,
    who: &Clerk,
    (visit, view): (&Visit, &DraftView),
    (on, pressed): (OnReader, &str),
) -> Outcome<Visit> {
    let card = hall::verbs::take_card(cx, who, on).await?;
    let role = role_of(visit, view, &card, pressed)?;
    let (person, _) = begin::of_card(cx, who, &card).await?;
    if person == visit.person {
        return Err(same_person().into());
    }
    let look = Look { person, fields: vec!["name".to_owned()], purpose: super::purpose() };
    trace::look(cx, &look)?;
    let mut changed = visit.clone();
    stand(&mut changed, view, (&role, &card));
    let sealer = cx.store().sealer().clone();
    rows::save_visit(&mut cx.commit, &sealer, &changed)?;
    changed.rev += 1;
    Ok(changed)
}

/// Whose card it is: of the role that was pressed, of whom the number names already, else of the only one who has not shown theirs.
fn role_of(visit: &Visit, view: &DraftView, card: &Card, pressed: &str) -> Result<String, Refusal> {
    let others: Vec<String> = cases::window_others(view).into_iter().map(|(role, _)| role).collect();
    let named = |role: &&String| {
        let field = view.bundle.form().fields().find(|f| f.element == Some(format!("{role}.citizen_id")));
        let typed = field.and_then(|f| view.answers.get(&f.id)).and_then(|v| v.as_str());
        typed == Some(card.number.as_str()) || visit.said.present.get(*role) == Some(&card.number)
    };
    let found = others.iter().find(|role| *role == pressed).or_else(|| others.iter().find(named));
    if let Some(role) = found {
        return Ok(role.clone());
    }
    let standing = visit.said.standing();
    let open: Vec<&String> = others.iter().filter(|role| !standing.contains_key(*role)).collect();
    match open.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(nobody_else()),
        _ => {
            let say = |lang| WORDS.say(lang).t("card-which").into_owned();
            Err(Refusal::new(RefusalKind::Invalid, "desk.which-card", say(Lang::ZhCn), say(Lang::En)))
        }
    }
}

/// They stand there: the number on the card, and why they confirm here. Which paper they sign is said by the sheet.
fn stand(visit: &mut Visit, view: &DraftView, (role, card): (&str, &Card)) {
    let said = &mut visit.said;
    said.present.insert(role.to_owned(), card.number.clone());
    said.read.insert(role.to_owned(), (card.number.clone(), card.name.clone()));
    for field in view.bundle.form().fields() {
        let of = field.element.as_deref().and_then(|e| e.split_once('.'));
        let told = match of.filter(|(of, _)| *of == role).map(|(_, leaf)| leaf) {
            Some("name") => &card.name,
            Some("citizen_id") => &card.number,
            Some("address") if !card.address.is_empty() => &card.address,
            _ => continue,
        };
        said.answers.insert(field.id.clone(), told.as_str().into());
    }
    if said.present_ground.is_empty() {
        // It stands in the record, which is Chinese whatever the page is.
        said.present_ground = WORDS.say(Lang::ZhCn).t("card-ground").into_owned();
    }
}

fn nobody_else() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "desk.no-other-party",
        "这件事没有别的当事人要到窗口确认，这张身份证没有使用。",
        "Nobody else has to confirm here; this card was not used.",
    )
}

fn same_person() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "desk.same-card",
        "这是来人自己的身份证，请放另一方当事人的。",
        "This is the card of whoever came; put on the other party's.",
    )
}
