//! Which frame an item runs in: its kind decides, and where a kind is bound by several laws, the law that the item names.

use super::Frame;
use catalog::ItemKind;
use kernel::Text;

/// Why an item has no frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFrame {
    /// The kind's frame is not built yet (adjudication has hearings and two sides).
    Kind,
    /// No such law for this kind of item.
    Law {
        /// What the item names.
        word: String,
        /// What it may name.
        known: Vec<&'static str>,
    },
}

impl NoFrame {
    /// What is wrong and what to write.
    pub fn say(&self) -> Text {
        match self {
            Self::Kind => Text::new("这类事项的程序尚未建立。", "Items of this kind have no procedure yet."),
            Self::Law { word, known } if known.is_empty() => Text::new(
                format!("这类事项没有可选的程序法，不应写“{word}”。"),
                format!("Items of this kind have no law to choose; leave out `{word}`."),
            ),
            Self::Law { word, known } => Text::new(
                format!("没有“{word}”这部程序法；可以写：{}。", known.join("、")),
                format!("There is no law `{word}` for it; write one of: {}.", known.join(", ")),
            ),
        }
    }
}

/// The laws that an item may name, each for items of one kind.
const LAWS: [(ItemKind, Frame); 3] = [
    (ItemKind::Registration, Frame::RealEstate),
    (ItemKind::Registration, Frame::MarketEntity),
    (ItemKind::Benefit, Frame::SocialRelief),
];

impl Frame {
    /// The frame of an item's kind when it names no law; `None` where the frame is not built yet.
    pub fn of(kind: ItemKind) -> Option<Self> {
        match kind {
            ItemKind::Permit => Some(Self::Licence),
            ItemKind::Registration => Some(Self::Registration),
            ItemKind::Confirmation => Some(Self::Confirmation),
            ItemKind::Benefit | ItemKind::Reward => Some(Self::Benefit),
            ItemKind::Filing => Some(Self::Filing),
            ItemKind::PublicService | ItemKind::Other => Some(Self::PublicService),
            ItemKind::Adjudication => None,
        }
    }

    /// The frame of an item's kind under the law that it names: `real-estate`, `market-entity`, `social-relief`; without a
    /// word the usual frame of the kind.
    ///
    /// # Errors
    /// [`NoFrame`] when the kind has no frame or the law is none of its own.
    pub fn under(kind: ItemKind, law: Option<&str>) -> Result<Self, NoFrame> {
        let Some(word) = law else { return Self::of(kind).ok_or(NoFrame::Kind) };
        let own = LAWS.iter().filter(|(of, _)| *of == kind).map(|(_, frame)| *frame);
        own.clone()
            .find(|frame| frame.word() == word)
            .ok_or_else(|| NoFrame::Law { word: word.to_owned(), known: own.map(Self::word).collect() })
    }
}
