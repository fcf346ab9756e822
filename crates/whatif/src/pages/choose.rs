//! Which input is tried: a recorded day of the hall, or a description.

use super::{Room, matter_name};
use crate::WORDS;
use crate::described::What;
use ::hall::recorded_days;
use ::hall::verbs::Manager;
use axum::http::StatusCode;
use jiff::civil::Date;
use page::{Answer, Ctx, FormState, Say, Shell, format};

/// Days that are listed.
const DAYS: i64 = 14;

struct DayLine {
    href: String,
    date: String,
    tickets: String,
}

#[derive(askama::Template)]
#[template(path = "choose.html")]
struct ChoosePage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    name: String,
    days: Vec<DayLine>,
    /// Address and name.
    described: Vec<(String, String)>,
    /// The same of matters.
    matters: Vec<(String, String)>,
    /// What is wrong with descriptions that cannot be read.
    broken: Vec<String>,
}

pub(super) async fn show(
    room: &Room,
    ctx: &Ctx,
    manager: &Manager,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let (w, hall) = (WORDS.say(ctx.lang), manager.hall());
    let days = recorded_days(&room.house.ground.store, manager, ctx.now, DAYS).await?;
    let line = |(day, tickets): (String, i64)| DayLine {
        href: format!("/desk/hall/whatif?hall={}&day={day}", hall.code),
        date: day.parse::<Date>().map_or_else(|_| day.clone(), |date| format::date(ctx.lang, date)),
        tickets: w.with("choose-tickets", &[("n", tickets.to_string())]),
    };
    let (mut described, mut matters, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for one in room.described.all().await? {
        let href = |kind: &str| format!("/desk/hall/whatif?hall={}&{kind}={}", hall.code, one.id);
        match one.what {
            What::Hall(read) => described.push((href("file"), read.name.get(ctx.lang).to_owned())),
            What::Matter(read) => matters.push((href("matter"), matter_name(&read, w))),
            What::Wrong(why) => broken.push(why),
        }
    }
    let page = ChoosePage {
        shell: Shell::new(ctx, w.t("title"))
            .desk()
            .crumb(w.t("day-title"), format!("/desk/hall/day?hall={}", hall.code)),
        w,
        form,
        hall: hall.code.to_string(),
        name: hall.name.get(ctx.lang).to_owned(),
        days: days.into_iter().map(line).collect(),
        described,
        matters,
        broken,
    };
    Ok(page::render_with(status, &page))
}
