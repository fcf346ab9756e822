//! The tray: pages in their order, how they are turned, and what is done to them. Pure.

use kernel::{AccountId, ActorRef, FileId, Refusal, RefusalKind};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Where pages are taken for: whose hands, which matter, which of its fields, and the way to it.
#[derive(Debug, Clone)]
pub struct Spot<'a> {
    /// Who takes them; the tray is theirs alone.
    pub account: AccountId,
    /// The same, for what is written.
    pub actor: ActorRef,
    /// The matter: `window:<visit>`, `draft:<matter>`, `case:<number>`.
    pub place: String,
    /// The field of its form.
    pub field: &'a str,
    /// What the paper is called.
    pub title: String,
    /// The address of this page.
    pub here: String,
    /// The address of the page that the paper is for, with its name.
    pub back: (String, String),
    /// Whether it is a page of the staff's shell.
    pub desk: bool,
}

impl<'a> Spot<'a> {
    /// A spot that is written to and not shown.
    pub fn unseen(account: AccountId, actor: ActorRef, place: String, field: &'a str) -> Self {
        let (title, here, back) = Default::default();
        Self { account, actor, place, field, title, here, back, desk: false }
    }
}

/// A page: the file it is kept in, by how many quarters it is turned clockwise, how many bytes it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sheet {
    pub file: FileId,
    pub turn: u8,
    pub size: i64,
}

/// A file that waits to be handed in, and its name.
pub type Waiting = (FileId, String);

/// What lies in a tray.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Body {
    pub sheets: Vec<Sheet>,
    /// Bound already, and not handed in yet: for a form that keeps nothing itself.
    pub waiting: Vec<Waiting>,
    /// What was typed into that form when its writer went to take pages.
    pub typed: Vec<(String, String)>,
}

/// A tray as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Tray {
    pub field: String,
    pub rev: i64,
    pub body: Body,
}

/// What is done to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Left,
    Right,
    Up,
    Down,
    Delete,
}

/// `right:<file>`, as the page's buttons say it.
pub(crate) struct Pressed(pub Move, pub FileId);

impl FromStr for Pressed {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (what, file) = text.split_once(':').ok_or(())?;
        let what = match what {
            "left" => Move::Left,
            "right" => Move::Right,
            "up" => Move::Up,
            "down" => Move::Down,
            "delete" => Move::Delete,
            _ => return Err(()),
        };
        Ok(Self(what, file.parse().map_err(|_| ())?))
    }
}

impl Body {
    fn position(&self, file: FileId) -> Option<usize> {
        self.sheets.iter().position(|s| s.file == file)
    }

    /// Does it; a page that is no longer there, or already first or last, changes nothing. Answers the page that fell out.
    pub fn act(&mut self, Pressed(what, file): &Pressed) -> Option<FileId> {
        let at = self.position(*file)?;
        let turn = |sheets: &mut Vec<Sheet>, by: u8| {
            if let Some(sheet) = sheets.get_mut(at) {
                sheet.turn = (sheet.turn + by) % 4;
            }
        };
        match what {
            Move::Left => turn(&mut self.sheets, 3),
            Move::Right => turn(&mut self.sheets, 1),
            Move::Up if at > 0 => self.sheets.swap(at, at - 1),
            Move::Down if at + 1 < self.sheets.len() => self.sheets.swap(at, at + 1),
            Move::Up | Move::Down => {}
            Move::Delete => return Some(self.sheets.remove(at).file),
        }
        None
    }

    /// Where a page of so many bytes would lie: in the place of the one that is taken again, or nowhere yet.
    ///
    /// # Errors
    /// `proofs.tray-full` beyond so many pages, or so many bytes.
    pub fn room(
        &self,
        size: i64,
        instead: Option<FileId>,
        (pages_max, bytes_max): (usize, i64),
    ) -> Result<Option<usize>, Refusal> {
        let old = instead.and_then(|file| self.position(file));
        let freed = old.and_then(|at| self.sheets.get(at)).map_or(0, |s| s.size);
        let bytes: i64 = self.sheets.iter().map(|s| s.size).sum();
        if old.is_none() && self.sheets.len() >= pages_max {
            return Err(many(pages_max));
        }
        if bytes - freed + size > bytes_max { Err(heavy(bytes_max)) } else { Ok(old) }
    }

    /// Puts a page at the end, or in the place of the one that was taken again; answers the page that fell out.
    ///
    /// # Errors
    /// As [`Self::room`].
    pub fn take(
        &mut self,
        sheet: Sheet,
        instead: Option<FileId>,
        most: (usize, i64),
    ) -> Result<Option<FileId>, Refusal> {
        let old = self.room(sheet.size, instead, most)?;
        match old.and_then(|at| self.sheets.get_mut(at)) {
            Some(place) => Ok(Some(std::mem::replace(place, sheet).file)),
            None => {
                self.sheets.push(sheet);
                Ok(None)
            }
        }
    }

    /// Whether nothing lies in it any more.
    pub fn is_empty(&self) -> bool {
        self.sheets.is_empty() && self.waiting.is_empty() && self.typed.is_empty()
    }
}

const NEXT: [&str; 2] = [
    "请先完成这一份，其余的页再拍成另一份。",
    "Finish this file first, and take the other pages as another one.",
];

fn many(most: usize) -> Refusal {
    let (zh, en) = (
        format!("一份文件最多{most}页，这一页没有留下。"),
        format!("A file has {most} pages at most; this page was not kept."),
    );
    Refusal::new(RefusalKind::Invalid, "proofs.tray-full", zh, en).next(NEXT[0], NEXT[1])
}

fn heavy(most: i64) -> Refusal {
    let most = most >> 20;
    let (zh, en) = (
        format!("一份文件最大{most}MB，这一页放不下了。"),
        format!("A file has {most} MB at most; this page does not go in any more."),
    );
    Refusal::new(RefusalKind::Invalid, "proofs.tray-full", zh, en).next(NEXT[0], NEXT[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::id::TypedId as _;

    fn file(n: u128) -> FileId {
        FileId::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn tray(n: u128) -> Body {
        let sheet = |n| Sheet { file: file(n), turn: 0, size: 10 };
        Body { sheets: (0..n).map(sheet).collect(), ..Body::default() }
    }

    fn order(body: &Body) -> Vec<u128> {
        body.sheets.iter().map(|s| s.file.uuid().as_u128()).collect()
    }

    #[test]
    fn pages_move_turn_and_fall_out() {
        let mut body = tray(3);
        let mut press = |what: &str, n: u128| {
            body.act(&format!("{what}:{}", file(n)).parse().unwrap_or_else(|()| panic!("{what}")))
        };
        assert_eq!(press("up", 0), None);
        press("down", 0);
        press("right", 0);
        press("left", 2);
        assert_eq!(press("delete", 1), Some(file(1)));
        assert_eq!(press("delete", 1), None, "pressed twice is pressed once");
        assert_eq!(press("up", 9), None);
        assert_eq!(order(&body), [0, 2]);
        assert_eq!(body.sheets.iter().map(|s| s.turn).collect::<Vec<_>>(), [1, 3]);
        assert!("spin:1".parse::<Pressed>().is_err() && "up".parse::<Pressed>().is_err());
    }

    #[test]
    fn a_page_taken_again_keeps_its_place_and_a_full_tray_takes_no_more() {
        let mut body = tray(2);
        let new = |n, size| Sheet { file: file(n), turn: 0, size };
        assert_eq!(body.take(new(7, 10), Some(file(0)), (2, 100)), Ok(Some(file(0))));
        assert_eq!(order(&body), [7, 1]);
        assert_eq!(body.take(new(8, 10), None, (2, 100)).unwrap_err().code, "proofs.tray-full");
        assert_eq!(body.take(new(8, 91), None, (3, 100)).unwrap_err().code, "proofs.tray-full");
        assert_eq!(
            body.take(new(8, 90), Some(file(1)), (2, 100)),
            Ok(Some(file(1))),
            "what falls out makes room"
        );
        assert_eq!(body.take(new(9, 0), Some(file(5)), (3, 100)), Ok(None), "instead of none it is one more");
        assert_eq!(order(&body), [7, 8, 9]);
    }
}
