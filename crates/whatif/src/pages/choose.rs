//! Which input is tried: a recorded day of the hall, or a description.

use super::Room;
use crate::WORDS;
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
    let (mut described, mut broken) = (Vec::new(), Vec::new());
    for one in room.described.all().await? {
        match one.hall {
            Ok(read) => {
                let href = format!("/desk/hall/whatif?hall={}&file={}", hall.code, one.id);
                described.push((href, read.name.get(ctx.lang).to_owned()));
            }
            Err(why) => broken.push(why),
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
        broken,
    };
    Ok(page::render_with(status, &page))
}
