//! What a case's parties have still to pay, as far as it is for the eyes of whoever looks.

use super::party::role;
use crate::queries::CaseView;
use crate::rules::unpaid_by;
use crate::{WORDS, event::FeesTold};
use kernel::{Lang, Money, SubjectId};

/// Somebody who has still to pay.
#[derive(Debug, Clone)]
pub struct PayLine {
    /// Who.
    pub payer: SubjectId,
    /// In which role.
    pub role: String,
    /// The number of the bill; empty while it is being made out.
    pub code: String,
    /// How much is open, where the bill says so: for the payer and for those who collect.
    pub owed: Option<Money>,
    /// Whether its term has passed.
    pub overdue: bool,
    /// Where the payer pays; empty while there is no bill.
    pub page: String,
}

/// Everybody who has still to pay something, each once.
pub fn payments(view: &CaseView, lang: Lang) -> Vec<PayLine> {
    let case = &view.case;
    let line = |payer: SubjectId| {
        let open = |f: &&FeesTold| f.payer == Some(payer) && !f.settled && !f.cancelled;
        let bill = case.fees.iter().rev().find(open);
        let party = case.parties.iter().find(|p| p.subject == payer);
        PayLine {
            payer,
            role: party.map(|p| role(view, &p.role, lang)).unwrap_or_default(),
            code: bill.map(|b| b.bill.clone()).unwrap_or_default(),
            owed: bill.map(|b| b.owed.unwrap_or(b.amount)),
            overdue: bill.is_some_and(|b| b.overdue),
            page: bill.map(|b| b.page.clone()).unwrap_or_default(),
        }
    };
    unpaid_by(case).into_iter().map(line).collect()
}

/// Their roles in one line.
pub(super) fn payers(view: &CaseView, lang: Lang) -> String {
    let roles: Vec<String> = payments(view, lang).into_iter().map(|p| p.role).collect();
    roles.join(&WORDS.say(lang).t("list-between"))
}
