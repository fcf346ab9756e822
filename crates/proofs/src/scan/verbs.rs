//! What is done with a tray: a page taken, moved or turned; the pages bound and the tray emptied.

use super::model::{Body, Pressed, Sheet, Spot, Tray, Waiting};
use super::settings::settings;
use crate::picture::{apart, leaf};
use crate::store::tray as rows;
use ::store::files::{self, FileInfo, FileKind, Limits, Upload};
use ::store::{Cx, Ground, Store};
use bytes::Bytes;
use kernel::{AccountId, Fault, FileId, Lang, Outcome, Refusal, RefusalKind, Timestamp};

/// What a PDF needs beside its pictures, generously.
const AROUND: usize = 256 << 10;

/// What lies in the tray now.
pub(crate) async fn tray(store: &Store, spot: &Spot<'_>, now: Timestamp) -> Result<Option<Tray>, Fault> {
    rows::get(store, spot, rows::over(now, settings().keep_hours)).await
}

/// Changes what lies in the tray; the pages that fall out are given up.
async fn change(
    cx: &mut Cx,
    spot: &Spot<'_>,
    how: impl AsyncFnOnce(&mut Cx, &mut Body) -> Outcome<Vec<FileId>>,
) -> Outcome<()> {
    let store = cx.store().clone();
    let before = tray(&store, spot, cx.now).await?;
    let was = before.as_ref().map(|t| t.body.clone()).unwrap_or_default();
    let mut body = was.clone();
    for file in how(cx, &mut body).await? {
        files::give_up(cx, file);
    }
    if body == was {
        return Ok(());
    }
    match before {
        Some(before) if body.is_empty() => rows::drop(&mut cx.commit, spot, before.rev),
        before => {
            let over = rows::over(cx.now, settings().keep_hours);
            rows::put(&mut cx.commit, store.sealer(), spot, before.as_ref(), &body, over)?;
        }
    }
    Ok(())
}

/// A page is taken, or taken again instead of another.
pub(crate) async fn take(
    ground: &Ground,
    spot: &Spot<'_>,
    photo: Bytes,
    instead: Option<FileId>,
) -> Outcome<()> {
    let page = apart(move || Ok(leaf::leaf(&photo, settings().dpi)?)).await?;
    let page = Bytes::from(page);
    ::store::command!(ground, Lang::default(), spot.actor, |cx| {
        change(&mut cx, spot, async |cx: &mut Cx, body: &mut Body| {
            let size = i64::try_from(page.len()).map_err(|e| Fault::from("measuring a page", e))?;
            let limits = Limits { kinds: vec![FileKind::Jpeg], ..Limits::default() };
            let bytes_max = i64::try_from(limits.bytes_max - AROUND).unwrap_or(i64::MAX);
            let most = (usize::from(settings().pages_max), bytes_max);
            body.room(size, instead, most)?;
            let upload = Upload { name: "page.jpg".to_owned(), bytes: page.clone() };
            let file = files::keep_loose(cx, upload, &limits).await?.id;
            Ok(body.take(Sheet { file, turn: 0, size }, instead, most)?.into_iter().collect())
        })
        .await
    })
}

/// A button of a page was pressed.
pub(crate) async fn press(ground: &Ground, spot: &Spot<'_>, pressed: &Pressed) -> Outcome<()> {
    ::store::command!(ground, Lang::default(), spot.actor, |cx| {
        change(&mut cx, spot, async |_: &mut Cx, body: &mut Body| Ok(body.act(pressed).into_iter().collect()))
            .await
    })
}

/// The pages of a tray as one file, not kept yet.
#[derive(Debug)]
pub struct Bound {
    upload: Upload,
    tray: Tray,
}

/// Binds the pages into one PDF, named after the paper.
///
/// # Errors
/// `proofs.tray-empty` when there are none.
pub async fn bind(ground: &Ground, spot: &Spot<'_>) -> Outcome<Bound> {
    let store = &ground.store;
    let tray = tray(store, spot, ground.clock.now()).await?.filter(|t| !t.body.sheets.is_empty());
    let tray = tray.ok_or_else(empty)?;
    let mut leaves = Vec::new();
    for sheet in &tray.body.sheets {
        leaves.push((files::read(store, sheet.file).await?.1, sheet.turn));
    }
    let bytes = apart(move || leaf::bind(&leaves, settings().dpi)).await?;
    let name: String = spot.title.chars().filter(|c| !c.is_control() && !"/\\".contains(*c)).collect();
    Ok(Bound { upload: Upload { name: format!("{name}.pdf"), bytes: bytes.into() }, tray })
}

/// Keeps the bound file like any upload (kind by content, size), loose until something uses it, and empties the tray; the commit
/// conflicts when a page was added meanwhile. With `waits` the tray remembers the file until [`clear`].
///
/// # Errors
/// As `store::files::keep`.
pub async fn close(cx: &mut Cx, spot: &Spot<'_>, bound: &Bound, waits: bool) -> Outcome<FileInfo> {
    let info = files::keep_loose(cx, bound.upload.clone(), &Limits::default()).await?;
    let Body { sheets, mut waiting, typed } = bound.tray.body.clone();
    for sheet in sheets {
        files::give_up(cx, sheet.file);
    }
    if waits {
        waiting.push((info.id, info.name.clone()));
    }
    let left = Body { sheets: Vec::new(), waiting, typed };
    let sealer = cx.store().sealer().clone();
    if left.is_empty() {
        rows::drop(&mut cx.commit, spot, bound.tray.rev);
    } else {
        let over = rows::over(cx.now, settings().keep_hours);
        rows::put(&mut cx.commit, &sealer, spot, Some(&bound.tray), &left, over)?;
    }
    Ok(info)
}

/// Binds the pages and lets the file wait for a form that keeps nothing itself.
///
/// # Errors
/// As [`bind`] and [`close`].
pub async fn finish_waiting(ground: &Ground, spot: &Spot<'_>) -> Outcome<()> {
    let bound = bind(ground, spot).await?;
    ::store::command!(ground, Lang::default(), spot.actor, |cx| close(&mut cx, spot, &bound, true).await)?;
    Ok(())
}

/// What waits for a form that keeps nothing itself: the files of each field, and what was typed.
#[derive(Debug, Default)]
pub struct Aside {
    /// Files by field, to be put into the form.
    pub files: Vec<(String, Waiting)>,
    /// The form as it was left; empty when nothing was.
    pub typed: Vec<(String, String)>,
}

/// What waits at a place for this account.
///
/// # Errors
/// A fault of the store.
pub async fn waiting(ground: &Ground, account: AccountId, place: &str) -> Outcome<Aside> {
    let over = rows::over(ground.clock.now(), settings().keep_hours);
    let mut aside = Aside::default();
    for tray in rows::at(&ground.store, account, place, over).await? {
        aside.files.extend(tray.body.waiting.into_iter().map(|one| (tray.field.clone(), one)));
        if !tray.body.typed.is_empty() {
            aside.typed = tray.body.typed;
        }
    }
    Ok(aside)
}

/// The form is left for the camera: what was typed is kept, in a tray of no field (`spot.field` is empty), one for each form.
///
/// # Errors
/// A fault of the store.
pub async fn lay_aside(ground: &Ground, spot: &Spot<'_>, typed: &[(String, String)]) -> Outcome<()> {
    ::store::command!(ground, Lang::default(), spot.actor, |cx| {
        change(&mut cx, spot, async |_: &mut Cx, body: &mut Body| {
            body.typed = typed.to_vec();
            Ok(Vec::new())
        })
        .await
    })
}

/// Of the files that wait for this field just these still do: one was taken away on the form, or came with it.
///
/// # Errors
/// A fault of the store.
pub async fn keep_waiting(ground: &Ground, spot: &Spot<'_>, files: &[Waiting]) -> Outcome<()> {
    ::store::command!(ground, Lang::default(), spot.actor, |cx| {
        change(&mut cx, spot, async |_: &mut Cx, body: &mut Body| {
            let before = std::mem::replace(&mut body.waiting, files.to_vec());
            let gone = |(file, _): Waiting| files.iter().all(|(kept, _)| *kept != file).then_some(file);
            Ok(before.into_iter().filter_map(gone).collect())
        })
        .await
    })
}

/// The form was handed in: nothing waits any more.
pub fn clear(cx: &mut Cx, account: AccountId, place: &str) {
    rows::clear(&mut cx.commit, account, place);
}

fn empty() -> Refusal {
    let (zh, en) = ("还没有拍任何一页。", "No page was taken yet.");
    Refusal::new(RefusalKind::Invalid, "proofs.tray-empty", zh, en).field(
        "pages",
        "请先拍一页，或选取图片。",
        "Take a page first, or choose pictures.",
    )
}
