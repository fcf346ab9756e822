//! `POST /desk/views`: a view of the inbox kept under a name, made the start view, or dropped.

use crate::asked::Asked;
use crate::who::must_handle;
use crate::{Room, fields, inbox, store as rows};
use axum::extract::State;
use axum::http::StatusCode;
use identity::Staff;
use kernel::{Failure, Outcome};
use page::{Answer, Ctx, FormState, Submitted};

/// The longest name, in characters.
const NAME_LONG: usize = 30;

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, staff: Staff, sent: Submitted) -> Answer {
    let who = must_handle(&room, &staff, ctx.now).await?;
    let asked = Asked::parse(sent.get("query"));
    let name: String = sent.get("name").trim().to_owned();
    let known = rows::views(&room.house.ground.store, who.account).await?;
    let verb = sent.get("do");
    let mut form = FormState::of(&sent);
    if verb == "save" {
        let new = known.iter().all(|v| v.name != name);
        if name.is_empty() {
            form.fail("name", "请给视图起个名字。", "Give the view a name.");
        } else if name.chars().count() > NAME_LONG || name.chars().any(char::is_control) {
            form.fail("name", "名字不超过30个字。", "30 characters at most.");
        } else if new && known.len() >= rows::VIEWS_MAX {
            form.fail("name", "最多保存20个视图，请先删去一个。", "20 views at most: drop one first.");
        }
        if let Err(Failure::Refused(no)) = fields::columns(&room, &asked).await {
            form.refuse(&no);
        }
        if !form.ok() {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return inbox::page_of(&room, &ctx, &who, asked, form, None, status).await;
        }
    }
    let starred = known.iter().any(|v| v.star && v.name == name);
    let (account, query) = (who.account, asked.query());
    let done: Outcome<()> = ::store::command!(room.house.ground, ctx.lang, who.handler.actor_ref(), |cx| {
        let commit = &mut cx.commit;
        match verb {
            "save" => {
                rows::put_view(commit, account, &name, &query);
                if sent.get("star") == "yes" {
                    rows::star_view(commit, account, &name);
                }
            }
            "star" => rows::star_view(commit, account, if starred { "" } else { &name }),
            "drop" => rows::drop_view(commit, account, &name),
            _ => {}
        }
        Ok::<(), Failure>(())
    });
    done?;
    Ok(page::see_other(asked.href()))
}
