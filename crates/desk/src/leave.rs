//! The leave of the head of the government, without which a joint procedure gets no more time (Administrative Licensing Law art. 42
//! para. 2): read from the form, checked at its fields, and given to the rules with its document.

use crate::Room;
use crate::evidence::Kept;
use crate::read_act::name_of;
use crate::who::Who;
use cases::{Case, StaffAct};
use jiff::civil::Date;
use kernel::codes::CaseNumber;
use kernel::{Outcome, Refusal, Timestamp, clock};
use page::Submitted;
use procedure::{Leave, LeaveOf, MoreTime};

/// The fields of the form.
pub(crate) const FIELDS: [&str; 4] = ["leave_body", "leave_signer", "leave_number", "leave_on"];

fn more(case: &Case) -> Option<MoreTime> {
    case.frame.extension(case.joint).filter(|more| more.of == LeaveOf::Government)
}

/// The field of its document.
pub(crate) const DOCUMENT: &str = "leave_evidence";

/// Whether more time for this case needs the leave of the head of the government.
pub(crate) fn of_government(case: &Case) -> bool {
    more(case).is_some()
}

/// The act with its leave, where it needs one.
///
/// # Errors
/// `procedure.leave-of-government`, what is missing at its field.
pub(crate) async fn with_leave(
    room: &Room,
    who: &Who,
    number: &CaseNumber,
    (sent, kept): (&Submitted, &[Kept]),
    act: StaffAct,
    now: Timestamp,
) -> Outcome<StaffAct> {
    let StaffAct::Extend { reason, .. } = act else { return Ok(act) };
    let view = cases::view(&room.house.ground.store, number, &who.handler.scope()).await?;
    let Some(more) = more(&view.case) else { return Ok(StaffAct::Extend { reason, leave: None }) };
    let field = name_of("extend", DOCUMENT);
    let evidence = kept.iter().find(|k| k.field == field).map(|k| k.file);
    let leave = Leave { evidence, ..read(sent, &more, clock::legal_date(now))? };
    Ok(StaffAct::Extend { reason, leave: Some(leave) })
}

/// A leave for the question whether more time can be given at all.
pub(crate) fn trial(case: &Case, now: Timestamp) -> Option<Leave> {
    let said = || "…".to_owned();
    let on = clock::legal_date(now);
    more(case).map(|_| Leave { body: said(), signer: said(), number: said(), on, evidence: None })
}

/// What the form says of the leave.
fn read(sent: &Submitted, more: &MoreTime, today: Date) -> Result<Leave, Refusal> {
    let get = |field: &str| sent.get(&name_of("extend", field)).trim().to_owned();
    let on: Option<Date> = get("leave_on").parse().ok();
    let leave = on.map(|on| Leave {
        body: get("leave_body"),
        signer: get("leave_signer"),
        number: get("leave_number"),
        on,
        evidence: None,
    });
    let Err(mut refusal) = more.check(leave.as_ref(), today) else {
        return leave.ok_or_else(Refusal::not_found);
    };
    for field in &mut refusal.fields {
        field.field = field.field.replace('.', "_");
    }
    // Without a day nothing else could be read as a leave: what is filled in is not missing.
    refusal.fields.retain(|f| leave.is_some() || f.field == "leave_on" || get(&f.field).is_empty());
    for field in &mut refusal.fields {
        field.field = name_of("extend", &field.field);
    }
    Err(refusal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use procedure::Frame;

    fn asked(fields: &[(&str, &str)]) -> Result<Leave, Vec<String>> {
        let more = Frame::Licence.extension(true).unwrap();
        let read = read(&Submitted::of(fields), &more, date(2026, 11, 23));
        read.map_err(|no| no.fields.into_iter().map(|f| f.field).collect())
    }

    #[test]
    fn what_is_missing_of_a_leave_is_told_at_its_field() {
        let all = ["extend.leave_body", "extend.leave_signer", "extend.leave_number", "extend.leave_on"];
        assert_eq!(asked(&[]).unwrap_err(), all);
        let mut given = vec![
            ("extend.leave_body", "佛山市禅城区人民政府"),
            ("extend.leave_signer", "区长"),
            ("extend.leave_number", " "),
            ("extend.leave_on", "gestern"),
        ];
        assert_eq!(asked(&given).unwrap_err(), ["extend.leave_number", "extend.leave_on"]);
        given[2].1 = "禅府批〔2026〕7号";
        given[3].1 = "2026-11-24";
        assert_eq!(asked(&given).unwrap_err(), ["extend.leave_on"], "it cannot be given tomorrow");
        given[3].1 = "2026-11-20";
        let leave = asked(&given).unwrap();
        assert_eq!(leave.said().zh, "经佛山市禅城区人民政府区长批准，禅府批〔2026〕7号，2026-11-20");
    }
}
