//! A party says how satisfied it was with a case, whoever has a ticket with a visit; once each.

use crate::model::{Channel, Of, Rating, RatingEvent, RatingId, Served, Service};
use crate::rules::{self, Said};
use crate::settings::Settings;
use crate::store as rows;
use ::store::{Cx, Store};
use cases::{CaseView, Scope};
use hall::model::TicketState;
use identity::Applicant;
use identity::mandate::Act;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, Calendar, Fault, Outcome, Refusal, RefusalKind, SubjectId, Text};
use page::format;
use trace::Head;

impl From<&CaseView> for Service {
    fn from(view: &CaseView) -> Self {
        let row = &view.row;
        let last = view.tasks.iter().filter(|task| task.done_at.is_some()).max_by_key(|task| task.done_at);
        Self {
            of: Of::Case(row.number.clone()),
            item_key: row.item_key.clone(),
            item_name: row.item_name.clone(),
            agency: row.agency.clone(),
            handled: last.map_or_else(|| row.agency.clone(), |task| task.agency.clone()),
            division: row.division.clone(),
            ended_at: row.closed_at.filter(|_| !row.running),
            served: None,
        }
    }
}

/// The service of a case that `who` may see.
///
/// # Errors
/// Not found otherwise.
pub(crate) async fn of_case(store: &Store, who: &Applicant, number: &CaseNumber) -> Outcome<Service> {
    Ok(Service::from(&cases::view(store, number, &Scope::from(who)).await?))
}

/// The service of a visit, for whoever has the address of its ticket. What lapsed was no service.
///
/// # Errors
/// Not found for an address that is none.
pub(crate) async fn of_visit(store: &Store, secret: &str) -> Outcome<Service> {
    let ticket = hall::ticket(store, secret).await?.ok_or_else(Refusal::not_found)?;
    let hall = hall::hall(store, &ticket.hall).await?.ok_or_else(Refusal::not_found)?;
    let business = hall::businesses(store, &ticket.hall).await?;
    let business =
        business.into_iter().find(|b| b.letter == ticket.letter).map(|b| Text::new(b.name_zh, b.name_en));
    let business = business.unwrap_or_else(|| Text::same(ticket.letter.to_string()));
    let agency = AgencyCode::parse(&hall.agency);
    let agency = agency.ok_or_else(|| Fault::new(format!("the hall {} has no agency", ticket.hall)))?;
    let (name, ended) = (&hall.name, ticket.ended_at.filter(|_| ticket.state == TicketState::Ended));
    Ok(Service {
        of: Of::Visit(ticket.id),
        item_key: format!("{HALL}{}", ticket.hall),
        item_name: Text::new(
            format!("{}窗口：{}", name.zh, business.zh),
            format!("Window at {}: {}", name.en, business.en),
        ),
        handled: agency.clone(),
        agency,
        division: hall.division.clone(),
        ended_at: ended,
        served: ticket.window.zip(ticket.clerk).map(|(window, clerk)| Served { window, clerk }),
    })
}

/// What stands before a hall's code where an item's key stands otherwise.
pub(crate) const HALL: &str = "hall:";

/// The refusal for whoever has rated it before.
pub fn once() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "ratings.once",
        "这次服务已经评价过了，每次服务评价一次。",
        "This was rated before; each service is rated once.",
    )
    .next("请查看您的评价。", "See what you said.")
}

/// Rates a case for the party (一事一评): whoever acts for it does so by its mandate, and the use stands in the mandate's list.
///
/// # Errors
/// Not found for a case that is not theirs, `ratings.once` for one rated before, a refusal of the mandate or of the rules.
pub async fn rate(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    who: &Applicant,
    (number, channel): (&CaseNumber, Channel),
    said: &Said,
) -> Outcome<RatingId> {
    let service = of_case(cx.store(), who, number).await?;
    let name = if said.named { format::mask_name(who.subject_name()) } else { String::new() };
    let by = (Some(who.subject()), channel);
    let id = keep(cx, calendar, terms, (&service, by, &name), said).await?;
    identity::mandate::rely(cx, who, Act::Write, &[&service.item_key], &number.to_string()).await?;
    Ok(id)
}

/// Rates a visit to a window (一次一评), for whoever has the address of its ticket.
///
/// # Errors
/// Not found for an address that is none, `ratings.once` for a visit rated before, or a refusal of the rules.
pub async fn rate_visit(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    secret: &str,
    said: &Said,
) -> Outcome<RatingId> {
    let service = of_visit(cx.store(), secret).await?;
    keep(cx, calendar, terms, (&service, (None, Channel::Ticket), ""), said).await
}

async fn keep(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    (service, by, name): (&Service, (Option<SubjectId>, Channel), &str),
    said: &Said,
) -> Outcome<RatingId> {
    if rows::by_service(cx.store(), &service.of, by.0).await?.is_some() {
        return Err(once().into());
    }
    let now = cx.now;
    let rated = rules::rate(service, by, said, now, calendar, terms)?;
    let (id, mut head): (RatingId, _) = (cx.new_id(), Head::start());
    let event = RatingEvent::Rated(Box::new(rated.clone()));
    trace::record(cx, &mut head, &id.subject(), &event, now)?;
    rows::insert(&mut cx.commit, id, service, name, &Rating { said: rated, at: now, answer: None });
    Ok(id)
}
