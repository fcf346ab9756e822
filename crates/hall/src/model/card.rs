//! What a reader takes from a card of identity (居民身份证阅读机具): the fields of GA 450 as text.

use jiff::civil::Date;
use kernel::codes::CitizenId;
use kernel::{Refusal, RefusalKind, Text};
use serde::{Deserialize, Serialize};

/// Longer is no field of a card.
const LONGEST: usize = 120;

kernel::typed_id! {
    /// One card on a reader, once.
    CardId;
}
::store::text_column!(CardId);

/// A resident identity card (居民身份证) as its chip tells it. The picture and the finger's pattern stay on the card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The holder's name.
    pub name: String,
    /// The citizen identity number (公民身份号码, GB 11643).
    pub number: String,
    /// Where the holder is registered.
    #[serde(default)]
    pub address: String,
    /// Who issued it.
    #[serde(default)]
    pub issuer: String,
    /// Its first day.
    pub from: Date,
    /// Its last day; absent for one that holds for good (长期).
    #[serde(default)]
    pub until: Option<Date>,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Card(sealed)")
    }
}

impl Card {
    /// The card as it was read: trimmed, its number whole.
    ///
    /// # Errors
    /// `hall.card` for what no card says.
    pub fn whole(mut self) -> Result<Self, Refusal> {
        for text in [&mut self.name, &mut self.number, &mut self.address, &mut self.issuer] {
            *text = text.trim().to_owned();
            if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
                return Err(unreadable());
            }
        }
        self.number.make_ascii_uppercase();
        if self.name.is_empty() || self.number.parse::<CitizenId>().is_err() {
            return Err(unreadable());
        }
        Ok(self)
    }

    /// The card, if it may be used on `today`.
    ///
    /// # Errors
    /// `hall.card-expired` for one whose term is over or has not begun (居民身份证法 art. 5).
    pub fn in_term(self, today: Date) -> Result<Self, Refusal> {
        if self.from > today || self.until.is_some_and(|until| until < today) {
            return Err(expired(self.until.unwrap_or(self.from)));
        }
        Ok(self)
    }
}

/// What came from a reader is no card.
pub(crate) fn unreadable() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "hall.card",
        "没有读出完整的证件信息。",
        "The card could not be read as a whole.",
    )
    .next(
        "请重新放置证件；仍读不出的，对照证件输入号码。",
        "Put the card on again; if that fails, type its number.",
    )
}

fn expired(day: Date) -> Refusal {
    let say = Text::new(
        format!("这张身份证不在有效期内（{day}）。"),
        format!("This card is not within its term ({day})."),
    );
    Refusal::new(RefusalKind::Invalid, "hall.card-expired", say.zh, say.en).next(
        "请本人出示临时身份证或户口簿，核对后输入号码。",
        "Ask for a temporary card or the household register, compare it, and type the number.",
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on may fail")]
mod tests {
    use super::Card;
    use jiff::civil::date;

    fn card() -> Card {
        Card {
            name: " 许静怡 ".to_owned(),
            number: "999999198405127021".to_owned(),
            address: String::new(),
            issuer: "示范市公安局".to_owned(),
            from: date(2015, 3, 1),
            until: Some(date(2035, 3, 1)),
        }
    }

    #[test]
    fn a_card_holds_to_the_end_of_its_last_day() {
        assert_eq!(card().whole().unwrap().name, "许静怡");
        assert!(card().in_term(date(2035, 3, 1)).is_ok());
        assert_eq!(card().in_term(date(2035, 3, 2)).unwrap_err().code, "hall.card-expired");
        assert_eq!(card().in_term(date(2015, 2, 28)).unwrap_err().code, "hall.card-expired");
        assert!(Card { until: None, ..card() }.in_term(date(2099, 1, 1)).is_ok(), "长期");
    }

    #[test]
    fn what_no_card_says_is_not_taken() {
        for bad in [
            Card { name: "  ".to_owned(), ..card() },
            Card { number: "999999198405127022".to_owned(), ..card() },
            Card { address: "x".repeat(121), ..card() },
            Card { issuer: "a\u{0}b".to_owned(), ..card() },
        ] {
            assert_eq!(bad.whole().unwrap_err().code, "hall.card");
        }
    }
}
