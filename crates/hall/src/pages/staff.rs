//! `/desk/hall/staff`: who works at a hall's windows and what they are trained for; clerks of other agencies are admitted here.

use super::{Room, day, search, told, view};
use crate::model::{Hall, HallCode, Letters};
use crate::rules::refuse;
use crate::rules::training::{named_items, uncovered};
use crate::store::{self as rows, Business, Change, StaffChange, Training, WindowRow};
use crate::verbs::{self, Manager};
use crate::{Today, WORDS};
use ::store::{Cx, command};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use identity::{Directory, Staff};
use kernel::{AccountId, AgencyCode, Outcome, Refusal};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use std::collections::HashMap;

/// Changes that are listed.
const CHANGES: i64 = 50;

struct Line {
    id: String,
    name: String,
    /// The agency that sends them; empty for the hall's own.
    from: String,
    window: String,
    knows: String,
}

struct ChangeLine {
    at: String,
    what: String,
}

/// The clerk whose training is set, or who is admitted.
struct Chosen {
    id: String,
    name: String,
    guest: bool,
    kept: bool,
}

#[derive(askama::Template)]
#[template(path = "staff.html")]
struct StaffPage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    name: String,
    found: search::Found,
    /// Businesses that nobody on duty serves, with how many wait.
    uncovered: Vec<String>,
    lines: Vec<Line>,
    chosen: Option<Chosen>,
    letters: Vec<(String, String)>,
    items: Vec<(String, String)>,
    agencies: Vec<(String, String)>,
    agency: FormState,
    /// Clerks of the agency that was chosen.
    others: Option<Vec<(String, String)>>,
    changes: Vec<ChangeLine>,
}

/// Which hall, whose training, and clerks of which agency.
#[derive(Default, serde::Deserialize)]
pub(super) struct Which {
    hall: Option<String>,
    clerk: Option<String>,
    agency: Option<String>,
    #[serde(flatten)]
    asked: search::Asked,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(which): Query<Which>,
) -> Answer {
    let manager = day::chosen(&room, &who, which.hall.as_deref()).await?;
    show(&room, &ctx, &who, &manager, None, (StatusCode::OK, which)).await
}

/// What is known of a hall's staff for the page.
struct Known {
    members: Vec<verbs::Member>,
    trainings: HashMap<AccountId, Training>,
    businesses: Vec<Business>,
    items: HashMap<String, String>,
}

impl Known {
    async fn of(room: &Room, ctx: &Ctx, hall: &Hall) -> Outcome<Self> {
        let store = room.store();
        let businesses = rows::businesses(store, &hall.code).await?;
        let mut items = HashMap::new();
        for key in named_items(&businesses) {
            let found = catalog::find(store, &key).await?;
            let name = found.map_or_else(|| key.clone(), |p| p.item.name.get(ctx.lang).to_owned());
            items.insert(key, name);
        }
        let trainings = rows::trainings_in(store, std::slice::from_ref(&hall.code)).await?;
        Ok(Self {
            members: verbs::members(store, hall).await?,
            trainings: trainings.into_iter().map(|t| (t.clerk, t)).collect(),
            businesses,
            items,
        })
    }

    fn name(&self, account: AccountId) -> Option<&str> {
        self.members.iter().find(|m| m.account == account).map(|m| m.name.as_str())
    }

    fn line(&self, m: &verbs::Member, directory: &Directory, windows: &[WindowRow], ctx: &Ctx) -> Line {
        let window = windows.iter().find(|x| x.clerk == Some(m.account));
        Line {
            id: m.account.to_string(),
            name: m.name.clone(),
            from: m.sent_by.as_ref().map(|a| directory.name(a, ctx.lang)).unwrap_or_default(),
            window: window.map(|x| x.number.clone()).unwrap_or_default(),
            knows: match self.trainings.get(&m.account) {
                Some(t) => self.all(&t.letters, &t.items, ctx),
                None => WORDS.say(ctx.lang).t("staff-untied").into_owned(),
            },
        }
    }

    /// The businesses that nobody on duty serves, with how many wait.
    fn bare(&self, today: &Today, ctx: &Ctx) -> Vec<String> {
        let bare = uncovered(&self.businesses, today.windows()).into_iter().filter_map(|letter| {
            let b = self.businesses.iter().find(|b| b.letter == letter)?;
            let name = format!("{letter} {}", view::business(b, ctx.lang));
            let waiting = today.waiting_for(letter).to_string();
            Some(WORDS.say(ctx.lang).with("staff-uncovered-line", &[("name", name), ("n", waiting)]))
        });
        bare.collect()
    }

    /// Clerks of an agency who are not here yet.
    async fn others(&self, room: &Room, agency: &AgencyCode) -> Outcome<Vec<(String, String)>> {
        let found = verbs::clerks_of(room.store(), agency).await?.into_iter();
        let new = found.filter(|c| self.name(c.account).is_none());
        Ok(new.map(|c| (c.account.to_string(), c.name)).collect())
    }

    /// Businesses and items in a line.
    fn all(&self, letters: &Letters, items: &str, ctx: &Ctx) -> String {
        let own = self.businesses.iter().filter(|b| letters.has(b.letter));
        let mut all: Vec<String> =
            own.map(|b| format!("{} {}", b.letter, view::business(b, ctx.lang))).collect();
        let keys = items.split(' ').filter(|key| !key.is_empty());
        all.extend(keys.map(|key| self.items.get(key).cloned().unwrap_or_else(|| key.to_owned())));
        view::listed(&all, ctx.lang)
    }
}

async fn show(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    manager: &Manager,
    form: Option<FormState>,
    (status, which): (StatusCode, Which),
) -> Answer {
    let (store, w, hall) = (room.store(), WORDS.say(ctx.lang), manager.hall());
    let known = Known::of(room, ctx, hall).await?;
    let today = Today::read(store, &hall.code, ctx.now).await?;
    let directory = identity::directory(store).await?;
    let windows = today.windows();
    let line = |m: &verbs::Member| known.line(m, &directory, windows, ctx);
    let clerk = which.clerk.as_deref().and_then(|id| id.parse::<AccountId>().ok());
    let chosen = clerk.and_then(|id| known.members.iter().find(|m| m.account == id));
    let training = chosen.and_then(|m| known.trainings.get(&m.account));
    let agency = which.agency.as_deref().and_then(AgencyCode::parse);
    let agency = agency.filter(|code| directory.get(code).is_some_and(|a| verbs::may_send(a, hall)));
    let others = match &agency {
        Some(agency) => Some(known.others(room, agency).await?),
        None => None,
    };
    let page = StaffPage {
        shell: Shell::new(ctx, w.t("staff-title"))
            .desk()
            .crumb(w.t("day-title"), format!("/desk/hall/day?hall={}", hall.code)),
        w,
        form: form.unwrap_or_else(|| filled(training)),
        hall: hall.code.to_string(),
        name: hall.name.get(ctx.lang).to_owned(),
        found: search::Found::of_at(room, ctx, who, &which.asked, "/desk/hall/staff").await?,
        uncovered: known.bare(&today, ctx),
        lines: known.members.iter().map(line).collect(),
        chosen: chosen.map(|m| Chosen {
            id: m.account.to_string(),
            name: m.name.clone(),
            guest: m.sent_by.is_some(),
            kept: training.is_some(),
        }),
        letters: view::choices(&known.businesses, ctx.lang),
        items: named_items(&known.businesses)
            .into_iter()
            .map(|key| (key.clone(), known.items.get(&key).cloned().unwrap_or(key)))
            .collect(),
        agencies: directory
            .agencies()
            .filter(|a| verbs::may_send(a, hall))
            .map(|a| (a.code.to_string(), a.name.get(ctx.lang).to_owned()))
            .collect(),
        agency: FormState::new().with("agency", agency.map(|a| a.to_string()).unwrap_or_default()),
        others,
        changes: rows::changes(store, &hall.code, CHANGES)
            .await?
            .iter()
            .map(|change| changed(&known, change, ctx, w))
            .collect(),
    };
    Ok(page::render_with(status, &page))
}

/// The form as the training stands.
fn filled(training: Option<&Training>) -> FormState {
    let mut form = FormState::new();
    if let Some(t) = training {
        form = t.letters.0.iter().fold(form, |form, letter| form.with_also("letters", letter.to_string()));
        form = t.items().into_iter().fold(form, |form, item| form.with_also("items", item));
    }
    form
}

fn changed(known: &Known, change: &Change, ctx: &Ctx, w: Say) -> ChangeLine {
    let name = |account: AccountId| {
        known.name(account).map_or_else(|| w.t("staff-gone").into_owned(), str::to_owned)
    };
    let (clerk, knows) = (name(change.clerk), known.all(&change.letters, &change.items, ctx));
    let head = change.head.and_then(|head| known.name(head)).map(str::to_owned);
    let head = head.unwrap_or_else(|| w.t("staff-above").into_owned());
    let what = match change.what {
        StaffChange::Admitted => {
            w.with("change-admitted", &[("head", head), ("clerk", clerk), ("knows", knows)])
        }
        StaffChange::Trained => {
            w.with("change-trained", &[("head", head), ("clerk", clerk), ("knows", knows)])
        }
        StaffChange::Untied => w.with("change-untied", &[("head", head), ("clerk", clerk)]),
        StaffChange::Dismissed => w.with("change-dismissed", &[("head", head), ("clerk", clerk)]),
    };
    ChangeLine { at: format::moment(ctx.lang, change.at), what }
}

/// Sets a training, keeps none, admits a clerk or ends an admission.
pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let code: HallCode = sent.get("hall").parse().map_err(|_| Refusal::not_found())?;
    let manager = Manager::of(room.store(), &who, &code).await?;
    let actor = who.actor_ref();
    let done: Outcome<()> =
        command!(room.house.ground, ctx.lang, actor, |cx| { change(&mut cx, &manager, &sent).await });
    match done {
        Ok(()) => Ok(page::see_other(format!("/desk/hall/staff?hall={code}"))),
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(&sent))?;
            let field = |name| Some(sent.get(name)).filter(|v| !v.is_empty()).map(str::to_owned);
            let which =
                Which { hall: None, clerk: field("clerk"), agency: field("agency"), ..Which::default() };
            show(&room, &ctx, &who, &manager, Some(form), (status, which)).await
        }
    }
}

async fn change(cx: &mut Cx, manager: &Manager, sent: &Submitted) -> Outcome<()> {
    let letters: Letters = sent.all("letters").concat().parse().map_err(|_| refuse::no_training())?;
    let items: Vec<String> = sent.all("items").iter().map(|key| (*key).to_owned()).collect();
    let knows = (&letters, items.as_slice());
    let admits = sent.get("act") == "admit";
    let unknown = if admits { refuse::no_guest() } else { Refusal::not_found() };
    let clerk: AccountId = sent.get("clerk").parse().map_err(|_| unknown)?;
    match sent.get("act") {
        "admit" => {
            let agency = AgencyCode::parse(sent.get("agency")).ok_or_else(refuse::no_guest)?;
            verbs::admit(cx, manager, &agency, clerk, knows).await
        }
        "dismiss" => verbs::dismiss(cx, manager, clerk).await,
        "untie" => verbs::untie(cx, manager, clerk).await,
        _ => verbs::set_training(cx, manager, clerk, knows).await,
    }
}
