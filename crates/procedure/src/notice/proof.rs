//! The proof of service (送达回证): what was served to whom, how, when, and from when it counts.

use super::issue_notice;
use crate::running::day;
use crate::{NewNotice, NewService, Notice, NoticeContent, NoticeId, NoticeKind};
use ::store::Cx;
use kernel::{Lang, Outcome, Text, Timestamp, clock};

/// Issues the proof of a service; it is signed by the recipient and needs no seal.
pub(crate) async fn issue(
    cx: &mut Cx,
    served: &Notice,
    new: &NewService,
    consent: Option<Timestamp>,
    effective_at: Timestamp,
) -> Outcome<NoticeId> {
    let proof = NewNotice {
        kind: NoticeKind::Service,
        frame: served.frame,
        subject: served.subject.clone(),
        reference: served.reference.clone(),
        agency: served.agency.clone(),
        agency_name: served.body(),
        addressee: new.recipient_name.clone(),
        content: content(served, new, consent, effective_at),
        at: new.at,
        auto: true,
    };
    issue_notice(cx, proof).await
}

fn content(
    served: &Notice,
    new: &NewService,
    consent: Option<Timestamp>,
    effective_at: Timestamp,
) -> NoticeContent {
    let name = served.name();
    let mut facts = vec![
        (Text::new("文书名称", "Document"), name.zh),
        (Text::new("文书编号", "Number"), served.number.clone()),
        (Text::new("受送达人", "Served to"), new.recipient_name.clone()),
        (Text::new("送达方式", "How"), new.way.name().zh),
    ];
    facts.extend(new.way.proof().filter(|(_, value)| !value.trim().is_empty()));
    facts.extend(
        consent.map(|at| (Text::new("同意电子送达的时间", "Agreed to electronic service"), moment(at))),
    );
    facts.push((Text::new("送达时间", "When"), moment(new.at)));
    let from = clock::legal_date(effective_at);
    facts.push((Text::new("视为送达之日", "Counts from"), day(from, Lang::ZhCn)));
    NoticeContent { item: served.content.item.clone(), facts, ..NoticeContent::default() }
}

fn moment(at: Timestamp) -> String {
    let zoned = at.to_zoned(clock::legal_zone());
    format!("{}{}", day(zoned.date(), Lang::ZhCn), zoned.strftime("%H:%M"))
}
