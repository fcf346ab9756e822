//! The halls that a member of staff works in or runs: found by their name or code, a page at a time.

use super::Room;
use crate::model::Hall;
use crate::rules::refuse;
use crate::store as rows;
use crate::verbs;
use ::store::Store;
use identity::Staff;
use kernel::Outcome;
use page::{Ctx, FormState};

/// Halls of a page.
const LISTED: usize = 20;

/// What is looked for.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub(super) struct Asked {
    /// Words of the name, or of the code.
    #[serde(default)]
    pub(super) q: String,
    /// The last hall of the page before.
    #[serde(default)]
    pub(super) after: String,
}

/// A page of halls.
pub(super) struct Found {
    pub(super) halls: Vec<(String, String)>,
    pub(super) form: FormState,
    pub(super) next: Option<String>,
    /// Whether there are so many that one looks for them.
    pub(super) many: bool,
}

impl Found {
    /// The halls that somebody may run.
    pub(super) async fn of(room: &Room, ctx: &Ctx, who: &Staff, asked: &Asked) -> Outcome<Self> {
        Self::of_at(room, ctx, who, asked, "/desk/hall/day").await
    }

    /// The same on the page `base`.
    pub(super) async fn of_at(
        room: &Room,
        ctx: &Ctx,
        who: &Staff,
        asked: &Asked,
        base: &str,
    ) -> Outcome<Self> {
        let halls = of_staff(room.store(), who, asked).await?;
        let (halls, next) = turned(halls, asked, base);
        Ok(Self {
            halls: halls.iter().map(|h| (h.code.to_string(), h.name.get(ctx.lang).to_owned())).collect(),
            form: form(asked),
            many: many(&halls, next.as_deref(), asked),
            next,
        })
    }
}

/// What was looked for, for the form.
pub(super) fn form(asked: &Asked) -> FormState {
    FormState::new().with("q", asked.q.clone())
}

/// Whether a search is worth its place on the page.
pub(super) fn many(halls: &[Hall], next: Option<&str>, asked: &Asked) -> bool {
    halls.len() > LISTED / 2 || next.is_some() || !asked.q.is_empty() || !asked.after.is_empty()
}

/// One more than a page of the halls that somebody may run.
pub(super) async fn of_staff(store: &Store, who: &Staff, asked: &Asked) -> Outcome<Vec<Hall>> {
    let limit = limit();
    Ok(match who {
        Staff::Supervisor(s) => {
            let prefix = Some(verbs::prefix(s.division())).filter(|p| !p.is_empty());
            let prefix = prefix.ok_or_else(refuse::not_your_hall)?;
            rows::halls_below_like(store, prefix, asked.q.trim(), &asked.after, limit).await?
        }
        Staff::Clerk(c) if c.is_head() => {
            rows::halls_like(store, c.agency().as_str(), asked.q.trim(), &asked.after, limit).await?
        }
        _ => return Err(refuse::not_your_hall().into()),
    })
}

/// The halls of other agencies that have admitted a clerk, on the first page.
pub(super) async fn admitted(room: &Room, who: &identity::Clerk, asked: &Asked) -> Outcome<Vec<Hall>> {
    if !asked.after.is_empty() || !asked.q.trim().is_empty() {
        return Ok(Vec::new());
    }
    let codes = rows::guest_halls(room.store(), who.account(), who.agency().as_str()).await?;
    let codes: Vec<_> = codes.into_iter().map(|(code,)| code).collect();
    Ok(rows::halls(room.store(), &codes).await?)
}

/// One more than a page.
pub(super) fn limit() -> i64 {
    i64::try_from(LISTED + 1).unwrap_or(i64::MAX)
}

/// The page without the one more, and the address of the next.
pub(super) fn turned(mut halls: Vec<Hall>, asked: &Asked, base: &str) -> (Vec<Hall>, Option<String>) {
    let more = halls.len() > LISTED;
    halls.truncate(LISTED);
    let last = halls.last().filter(|_| more);
    let next = last.map(|h| format!("{base}?q={}&after={}", encoded(&asked.q), h.code));
    (halls, next)
}

/// Text as it stands in an address (RFC 3986).
fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}
