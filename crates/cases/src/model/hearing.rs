//! A hearing (听证; 行政许可法第四十六至四十八条): who was told, who asked, and how far it is.

use kernel::{AccountId, SubjectId, Timestamp};
use procedure::{Answer, Round};
use serde::{Deserialize, Serialize};

/// A hearing (听证; 行政许可法第四十六至四十八条).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    /// Why it was offered.
    pub reason: String,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// Where it stands.
    pub stage: HearingStage,
    /// Who was told of the right, and what each did: everybody's five working days run from their own day.
    #[serde(default)]
    pub round: Round,
    /// Those concerned who are no party (利害关系人; 第三十六条).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interested: Vec<Interested>,
}

/// Somebody whose major interests the case touches and who is no party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interested {
    /// Their place in the round: `interested-1`.
    pub who: String,
    /// Their name. Where they live is no business of the other side's and stays with the proof of service.
    pub name: String,
    /// Which interest.
    pub interest: String,
    /// When it was found.
    pub at: Timestamp,
}

/// How far a hearing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum HearingStage {
    /// The party may ask for it.
    Offered,
    /// The party asked for it; it must be held within 20 working days.
    Requested {
        /// When.
        at: Timestamp,
    },
    /// The day is set and announced, seven working days before at least.
    Set {
        /// When it was announced.
        at: Timestamp,
        /// The day and hour.
        on: Timestamp,
        /// Where.
        place: String,
        /// Who presides; never who examined the case.
        chair: AccountId,
        /// Their name, for the notice.
        chair_name: String,
    },
    /// It was held; the decision rests on its record (第四十八条第二款).
    Held {
        /// When the record was made.
        at: Timestamp,
        /// The record.
        record: String,
    },
    /// The party gave it up, or did not ask in time.
    Waived {
        /// When.
        at: Timestamp,
        /// Whether the time for asking ran out.
        lapsed: bool,
    },
}

impl Hearing {
    /// The place of a party in the round.
    pub fn place(party: SubjectId) -> String {
        party.to_string()
    }

    /// Whether this one may ask for it now: told, without answer, in time, and it is not over.
    pub fn may_ask(&self, who: &str, at: Timestamp) -> bool {
        let open = matches!(self.stage, HearingStage::Offered | HearingStage::Requested { .. });
        let free = |t: &procedure::Told| {
            t.who == who && t.answer == Answer::None && t.term.runs() && !t.term.passed(at)
        };
        open && self.round.told.iter().any(free)
    }

    /// Whether this one may give it up now: as [`Hearing::may_ask`], or having asked before it was held.
    pub fn may_waive(&self, who: &str, at: Timestamp) -> bool {
        let asked = |t: &procedure::Told| t.who == who && matches!(t.answer, Answer::Asked(_));
        self.may_ask(who, at) || (self.open() && self.round.told.iter().any(asked))
    }

    /// Those concerned on whom nothing was served yet: nobody may decide before they were told.
    pub fn untold(&self) -> impl Iterator<Item = &Interested> {
        self.interested.iter().filter(|i| self.round.told.iter().all(|t| t.who != i.who))
    }

    /// How somebody in the round is called, where it is no party.
    pub fn name_of(&self, who: &str) -> Option<&str> {
        self.interested.iter().find(|i| i.who == who).map(|i| i.name.as_str())
    }

    /// Whether the decision waits for it.
    pub fn open(&self) -> bool {
        !matches!(self.stage, HearingStage::Held { .. } | HearingStage::Waived { .. })
    }

    /// Whether it was asked for and not held yet: time that does not count (第四十五条).
    pub fn wanted(&self) -> bool {
        matches!(self.stage, HearingStage::Requested { .. } | HearingStage::Set { .. })
    }
}
