//! What follows the events of a command in the same commit: notices, dispatches to line systems, certificates taken back.

use super::hold::{Hold, subject_of};
use super::notice;
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::Command;
use ::store::Cx;
use exchange::Dispatch;
use forms::{Answers, Field, FieldType, Form};
use kernel::{Failure, Fault, Outcome, Timestamp};
use page::House;
use procedure::NewConsent;
use serde_json::{Value, json};

/// Where electronic service reaches people.
const SPACE: &str = "本平台个人空间";

/// Adds everything that follows from what has happened in this command.
pub(crate) async fn follow(hold: &mut Hold, house: &House, cx: &mut Cx) -> Outcome<()> {
    let fresh = hold.fresh().to_vec();
    for (event, at) in &fresh {
        match event {
            CaseEvent::Filed(_) | CaseEvent::PartyConfirmed { .. } | CaseEvent::PaperWanted(_) => {
                agree(hold, cx, event, *at).await?;
            }
            CaseEvent::StepOpened { step, seats, .. } => dispatch(hold, cx, step, seats)?,
            CaseEvent::PaperSeen { demand, .. } => seen(hold, cx, demand).await?,
            _ => {}
        }
    }
    cancel(hold, cx).await?;
    for (issued, served) in notice::issue_all(hold, cx, &fresh).await? {
        let notice = Some(issued.notice);
        hold.act_now(house, cx, Command::Issued { issued, seal: None })?;
        for one in served {
            let (way, effective_at, party) = (Service::Electronic, one.effective_at, Some(one.recipient));
            hold.act_now(house, cx, Command::Serve { notice, way, effective_at, party })?;
        }
    }
    Ok(())
}

/// Whoever applies or confirms, and does not ask for paper, agrees to be served in their own space; kept with its moment, since
/// every electronic service rests on it, and taken back when they say so.
async fn agree(hold: &Hold, cx: &mut Cx, event: &CaseEvent, at: Timestamp) -> Outcome<()> {
    let Some(case) = &hold.case else { return Ok(()) };
    if let CaseEvent::PaperWanted(wanted) = event {
        // Somebody for whom a clerk filed may never have agreed.
        return match procedure::withdraw_consent(cx, &subject_of(case.id).to_string(), wanted.by).await {
            Err(Failure::Refused(_)) => Ok(()),
            done => done,
        };
    }
    let party = match event {
        CaseEvent::Filed(_) => case.filer(),
        CaseEvent::PartyConfirmed { subject, .. } => Some(*subject),
        _ => None,
    };
    let Some(party) = party.filter(|party| !case.wants_paper(*party)) else { return Ok(()) };
    let (subject, system) = (subject_of(case.id).to_string(), SPACE.to_owned());
    procedure::consent(cx, NewConsent { subject, party, at, system }).await.map(|_| ())
}

/// A paper that was seen in the original.
async fn seen(hold: &Hold, cx: &mut Cx, demand: &str) -> Outcome<()> {
    let Some(case) = hold.case.clone() else { return Ok(()) };
    let agency = cx.actor.agency.clone().unwrap_or_else(|| case.agency.clone());
    super::keep::raise(cx, &case, &[demand], &agency).await
}

/// Hands seats of line systems over: what they need for the step, and nothing else.
fn dispatch(hold: &Hold, cx: &mut Cx, step: &str, seats: &[Seat]) -> Outcome<()> {
    let Some(case) = &hold.case else { return Ok(()) };
    let person = |p: &Party| match p.subject {
        kernel::SubjectId::Person(person) => Some(person),
        kernel::SubjectId::Organisation(_) => None,
    };
    let persons: Vec<kernel::PersonId> = case.parties.iter().filter_map(person).collect();
    for seat in seats {
        let Some(system) = &seat.external else { continue };
        // A step that ended within the same command needs no report any more.
        if !case.open_seats().any(|(_, open)| open.task == seat.task) {
            continue;
        }
        exchange::dispatch_about(
            cx,
            &Dispatch {
                system: system.clone(),
                task: seat.task.to_string(),
                subject: subject_of(case.id).to_string(),
                number: case.number.to_string(),
                body: json!({
                    "number": case.number, "item": case.item_key, "step": step,
                    "parties": case.parties.iter().map(|p| json!({"name": p.name, "role": p.role})).collect::<Vec<_>>(),
                    "form": told_of(&hold.item.item, step, &case.answers),
                }),
            },
            &persons,
        )?;
    }
    Ok(())
}

/// What a line system is told for its step: the fields that the item names for it, else everything that describes the matter.
fn told_of(item: &catalog::Item, step: &str, answers: &Answers) -> Answers {
    let mut told = needed(&item.form, answers);
    let spec = item.process.iter().find(|s| s.id == step);
    if let Some(spec) = spec.filter(|s| !s.tells.is_empty()) {
        told.retain(|field, _| spec.tells.contains(field));
    }
    told
}

/// What a line system is told of the form: what describes the matter. Nothing secret, no identity numbers or telephones, none of
/// what is known of the person, and no files, which it could not open (个人信息保护法第六条: no more than the purpose needs).
fn needed(form: &Form, answers: &Answers) -> Answers {
    let private = |field: &Field| {
        field.secret
            || field.element.is_some()
            || matches!(
                field.kind(),
                FieldType::CitizenId | FieldType::Phone | FieldType::File | FieldType::Declaration
            )
    };
    let mut told = Answers::new();
    for field in form.fields().filter(|field| !private(field)) {
        let Some(answer) = answers.get(&field.id) else { continue };
        let mut answer = answer.clone();
        if let Value::Array(rows) = &mut answer {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                row.retain(|id, _| field.fields.iter().any(|child| child.id == *id && !private(child)));
            }
        }
        told.insert(field.id.clone(), answer);
    }
    told
}

/// Tells line systems that what they hold is no longer wanted; one that has answered already is left alone.
async fn cancel(hold: &Hold, cx: &mut Cx) -> Outcome<()> {
    for (system, task) in hold.dropped_external() {
        exchange::cancel(cx, &system, &task.to_string()).await?;
    }
    Ok(())
}

/// Takes back the certificates of a decision that has fallen in this command: it was revoked, a remedy undid it, or the benefit has
/// ended.
pub(crate) async fn take_back(hold: &Hold, cx: &mut Cx) -> Outcome<()> {
    for (event, _) in hold.fresh() {
        match event {
            CaseEvent::Revoked { ground, .. } => revoke(hold, cx, ground).await?,
            CaseEvent::Stopped(stopped) => stop(hold, cx, stopped).await?,
            CaseEvent::RemedyEnded { outcome, text, .. } if outcome.undoes() => {
                revoke(hold, cx, text).await?
            }
            _ => {}
        }
    }
    Ok(())
}

/// Certificates that rest on a decision fall with it.
async fn revoke(hold: &Hold, cx: &mut Cx, why: &str) -> Outcome<()> {
    let why: String = why.chars().take(500).collect();
    for id in standing(hold, cx).await? {
        certificates::revoke(cx, id, &why).await?;
    }
    Ok(())
}

/// A benefit has ended: what proves it is cancelled, or revoked where it was got by deceit.
async fn stop(hold: &Hold, cx: &mut Cx, stopped: &Stopped) -> Outcome<()> {
    use certificates::{Act, Ground, Why};
    let text: String = stopped.text.chars().take(500).collect();
    let ground = match stopped.why {
        Exit::Death => Ground::DeadOrIncapable,
        Exit::OwnWish => Ground::GivenUp,
        Exit::Fraud => Ground::Fraud,
        Exit::NoLongerEntitled | Exit::MovedAway => Ground::OtherCancellation,
    };
    for id in standing(hold, cx).await? {
        let why = Why::new(ground, text.clone());
        let act = match stopped.why {
            Exit::Fraud => Act::Revoke { why, weighed: true },
            _ => Act::Cancel(why),
        };
        certificates::act(cx, id, act).await?;
    }
    Ok(())
}

/// The certificates of the case that still stand.
async fn standing(hold: &Hold, cx: &Cx) -> Outcome<Vec<CertificateId>> {
    use certificates::State;
    let Some(case) = &hold.case else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for id in &case.certificates {
        let certificate = certificates::get(cx.store(), *id)
            .await?
            .ok_or_else(|| Fault::new(format!("the certificate {id} is gone")))?;
        if matches!(certificate.state(cx.now), State::Valid | State::Suspended { .. } | State::Expired { .. })
        {
            all.push(*id);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_system_learns_what_describes_the_matter_and_nothing_more() {
        let text = |t: &str| json!({"zh-CN": t, "en": t});
        let field = |id: &str, kind: &str| json!({"id": id, "label": text(id), "type": kind});
        let form: Form = serde_json::from_value(json!([{"id": "s", "title": text("s"), "fields": [
            field("address", "text"), field("area", "number"), field("citizen", "citizen-id"), field("phone", "phone"),
            field("plan", "file"), field("promise", "declaration"),
            {"id": "account", "label": text("account"), "type": "text", "secret": true},
            {"id": "staff", "label": text("staff"), "type": "group",
             "fields": [field("job", "text"), field("number", "citizen-id")]}
        ]}]))
        .unwrap();
        let answers: Answers = serde_json::from_value(json!({
            "address": "示范路", "area": 60, "citizen": "999999194306101151", "phone": "13900000041",
            "plan": [{"file": "x", "name": "y"}], "promise": true, "account": "6200", "unknown": 1,
            "staff": [{"job": "厨师", "number": "999999194306101151"}]
        }))
        .unwrap();
        let told = Value::Object(needed(&form, &answers));
        assert_eq!(told, json!({"address": "示范路", "area": 60, "staff": [{"job": "厨师"}]}));
    }
}
