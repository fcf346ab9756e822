//! What the time line says of a benefit after its grant, of a party who cannot act, and of one who wants to take it back.

use super::public_name;
use crate::event::{CaseEvent, HaltEnded, WithdrawalSought};
use crate::model::*;
use crate::queries::CaseView;
use kernel::{Lang, SubjectId, Text};
use page::format;

/// How it looks, and in a few words why; nothing for other events.
pub(super) fn later(view: &CaseView, event: &CaseEvent, lang: Lang) -> Option<(&'static str, String)> {
    let name = |subject: SubjectId| {
        let party = view.case.parties.iter().find(|p| p.subject == subject);
        party.map(public_name).unwrap_or_default()
    };
    Some(match event {
        CaseEvent::Reviewed(review) => {
            let amount = review.amount.map(|amount| super::granted(amount, lang));
            ("done", joined([amount, Some(review.text.clone())]))
        }
        CaseEvent::Stopped(stopped) => {
            let from = match lang {
                Lang::ZhCn => format!("自{}起", format::day(lang, stopped.from)),
                Lang::En => format!("from {}", format::day(lang, stopped.from)),
            };
            let why = stopped.why.name().get(lang).to_owned();
            ("stop", joined([Some(why), Some(from), Some(stopped.text.clone())]))
        }
        CaseEvent::PartyHalted(halt) => {
            let text = Some(halt.text.clone()).filter(|t| !t.is_empty());
            ("done", joined([Some(name(halt.subject)), Some(halt.cause.name().get(lang).to_owned()), text]))
        }
        CaseEvent::HaltEnded(HaltEnded { how, text, .. }) => {
            let now = match how {
                HaltOutcome::TakenOver { party } => Some(public_name(party)),
                _ => None,
            };
            ("done", joined([now, Some(text.clone()).filter(|t| !t.is_empty())]))
        }
        CaseEvent::ReliedChanged(changed) => {
            let state = certificate_state(&changed.state).get(lang).to_owned();
            (
                if changed.stands { "done" } else { "stop" },
                joined([Some(changed.name.get(lang).to_owned()), Some(state)]),
            )
        }
        CaseEvent::FeesTold(told) => {
            // Whose it is, where several pay; how much is for the payer's own eyes and those who collect.
            ("done", told.payer.map(name).unwrap_or_default())
        }
        CaseEvent::HearingOrdered(ordered) => ("done", ordered.reason.clone()),
        CaseEvent::TakenBack(back) => ("done", super::step_title(view, &back.step, lang)),
        CaseEvent::WithdrawalSought(WithdrawalSought { by, reason }) => {
            ("done", joined([Some(name(*by)), reason.clone()]))
        }
        _ => return None,
    })
}

/// The state of a certificate in words.
pub fn certificate_state(word: &str) -> Text {
    match word {
        "valid" => Text::new("恢复有效", "in force again"),
        "suspended" => Text::new("已暂扣", "suspended"),
        "revoked" => Text::new("已撤销", "revoked"),
        "cancelled" => Text::new("已注销", "cancelled"),
        "forfeited" => Text::new("已吊销", "forfeited"),
        "transferred" => Text::new("已转出", "transferred to another body"),
        _ => Text::new("已失效", "no longer in force"),
    }
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
