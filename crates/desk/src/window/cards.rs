//! Another party's card on the reader while the form is open: the number and the name come into that party's fields, and they count as
//! standing there.

use super::{begin, fill, save};
use crate::Room;
use crate::store::Visit;
use ::store::Cx;
use cases::DraftView;
use hall::model::Card;
use identity::Clerk;
use kernel::{Failure, FieldError, Lang, Outcome, Text};
use page::Submitted;
use trace::Look;

/// Takes the card into the visit; what is wrong is answered.
pub(super) async fn another(
    room: &Room,
    who: &Clerk,
    visit: &mut Visit,
    sent: &Submitted,
) -> Outcome<Vec<FieldError>> {
    let view = fill::open(room, who, visit).await?;
    let others = cases::window_others(&view);
    let asked = sent.get("_card");
    // The one that was pressed; else whoever's card is still to come.
    let role =
        others.iter().map(|(role, _)| role).find(|role| *role == asked).or_else(|| {
            others.iter().map(|(role, _)| role).find(|role| !visit.said.read.contains_key(*role))
        });
    let Some(role) = role.cloned() else { return Ok(vec![nobody_else()]) };
    let id = sent.get("card").parse().ok();
    let card = ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
        take(&mut cx, who, id, visit.person).await
    });
    match card {
        Ok(card) => {
            stand(visit, &view, &role, &card);
            visit.rev = save(room, who, visit).await?;
            Ok(Vec::new())
        }
        Err(Failure::Refused(no)) if no.code.starts_with("hall.") || no.code.starts_with("desk.") => {
            let say = Text::new(no.sentence(Lang::ZhCn), no.sentence(Lang::En));
            Ok(vec![FieldError { field: format!("present.{role}"), say }])
        }
        Err(other) => Err(other),
    }
}

/// The card, and the look at whose it is; whoever is not known yet is registered.
async fn take(
    cx: &mut Cx,
    who: &Clerk,
    id: Option<hall::model::CardId>,
    first: kernel::PersonId,
) -> Outcome<Card> {
    let card = hall::verbs::take_card(cx, who, id).await?;
    let (person, _) = begin::of_card(cx, who, &card).await?;
    if person == first {
        return Err(same_person().into());
    }
    let look = Look { person, fields: vec!["name".to_owned()], purpose: super::purpose() };
    trace::look(cx, &look)?;
    Ok(card)
}

/// They stand there: the number on the card, why they confirm here, and the sheet that they sign.
fn stand(visit: &mut Visit, view: &DraftView, role: &str, card: &Card) {
    let sheet = super::sheet::number(visit.id);
    let said = &mut visit.said;
    said.present.insert(role.to_owned(), card.number.clone());
    said.read.insert(role.to_owned(), card.name.clone());
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
        said.present_ground = "本人到窗口，读卡核验身份".to_owned();
    }
    if said.present_paper.is_empty() {
        said.present_paper = sheet;
    }
}

fn nobody_else() -> FieldError {
    let say = Text::new(
        "这件事没有别的当事人要到窗口确认，这张身份证没有使用。",
        "Nobody else has to confirm here; this card was not used.",
    );
    FieldError { field: String::new(), say }
}

fn same_person() -> kernel::Refusal {
    kernel::Refusal::new(
        kernel::RefusalKind::Invalid,
        "desk.same-card",
        "这是来人自己的身份证，请放另一方当事人的。",
        "This is the card of whoever came; put on the other party's.",
    )
}
