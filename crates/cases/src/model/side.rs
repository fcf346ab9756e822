//! What stands beside the way of a case: hearing, suspension, promises, disputes, remedies, notices.

use super::{Agent, CertificateId, Given};
use catalog::Original;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, FileId, SubjectId, Text, Timestamp};
use procedure::wording::Consequence;
use procedure::{NoticeId, NoticeKind, RemedyId, RemedyKind, RemedyOutcome, SuspensionKind, TermKind};
use serde::{Deserialize, Serialize};

/// A stretch in which the case was suspended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// For what.
    pub kind: SuspensionKind,
    /// Why.
    pub reason: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when; none while it lasts.
    pub to: Option<Timestamp>,
    /// Until when it should last, as told in writing (第四十五条第二句).
    pub expected: Option<Timestamp>,
    /// What came of it.
    pub result: Option<String>,
}

/// What an applicant promised to hand in later (容缺受理).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The paper.
    pub material: String,
    /// Its name.
    pub name: Text,
    /// Until when.
    pub due: Timestamp,
    /// What follows when it does not come.
    #[serde(default = "lapse")]
    pub then: Consequence,
    /// The same in words, as told.
    pub consequence: Text,
    /// When it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_at: Option<Timestamp>,
    /// When its time ran out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_at: Option<Timestamp>,
}

/// What followed before packs could say otherwise.
fn lapse() -> Consequence {
    Consequence::Lapse
}

impl Promise {
    /// Whether it is still awaited.
    pub fn open(&self) -> bool {
        self.kept_at.is_none() && self.broken_at.is_none()
    }

    /// Why the application is refused, when it was broken and that follows.
    pub fn refused_for(&self) -> Option<Text> {
        let name = &self.name;
        (self.broken_at.is_some() && self.then == Consequence::Refuse).then(|| {
            Text::new(
                format!("承诺后补的“{}”逾期未交。", name.zh),
                format!("“{}” was promised and did not come in time.", name.en),
            )
        })
    }
}

/// What an applicant declared instead of proving (告知承诺), and the later check of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// What must hold, as told.
    pub obligation: Text,
    /// What follows when it does not, as told.
    pub liability: Text,
    /// The steps it stands in for.
    pub steps: Vec<String>,
    /// What the later check found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<(bool, Timestamp)>,
}

/// An entry of a register that the applicant says is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The path as rules read it: `vehicle.inspection_until`.
    pub path: String,
    /// What the applicant says is so.
    pub claim: String,
    /// The paper that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<FileId>,
    /// When it was said.
    pub at: Timestamp,
    /// What a person found: whether the applicant was right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<(bool, Timestamp)>,
}

impl Dispute {
    /// The source it is about, by alias.
    pub fn alias(&self) -> &str {
        self.path.split(['.', '[']).next().unwrap_or_default()
    }
}

/// An objection raised while a step is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// The step.
    pub step: String,
    /// What is objected.
    pub reason: String,
    /// By whom, when they said it signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<SubjectId>,
    /// The name that stands under it, when it came on paper and staff recorded it: for whoever handles the case, and nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_paper: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// How the word of a party was given who does not use the platform: at a window, with their identity document and their signature,
/// and who wrote it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The body whose window it was.
    pub agency: AgencyCode,
    /// The number of whoever recorded it; never a name.
    pub number: String,
    /// Why they do not confirm by themselves.
    pub ground: String,
    /// The paper they signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<FileId>,
    /// Where that paper is kept, when no copy was uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Who stood there for the party, when that was somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// The case of the same matter in which the word was given, when it was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<CaseNumber>,
}

impl Witness {
    /// What the other parties, and bodies that only take a step, may know of it: that it was at a window, and which.
    pub fn cut(&mut self) {
        (self.ground, self.paper, self.reference, self.agent) = (String::new(), None, None, None);
    }
}

/// A paper that a person saw in the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The demand.
    pub demand: String,
    /// Looked at, kept, or taken back and cancelled.
    pub original: Original,
    /// When.
    pub at: Timestamp,
}

/// A reconsideration or a suit against what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedied {
    /// The remedy, kept by `procedure`.
    pub remedy: RemedyId,
    /// Which.
    pub kind: RemedyKind,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Before which body.
    pub body: String,
    /// What came of it, and when.
    pub ended: Option<(RemedyOutcome, Timestamp)>,
}

/// A notice that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The notice.
    pub notice: NoticeId,
    /// Which.
    pub kind: NoticeKind,
    /// Its number.
    pub number: String,
    /// Whether it goes to somebody concerned who is no party: a clerk serves it on them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// When.
    pub at: Timestamp,
}

/// A certificate on which the case relies and whose state changed while it ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relied {
    /// Which.
    pub certificate: CertificateId,
    /// Its name.
    pub name: Text,
    /// The word of its state now.
    pub state: String,
    /// Whether it proves again what it proved.
    pub stands: bool,
    /// Since when the case knows.
    pub since: Timestamp,
    /// Whether somebody has examined the case since, and said why it may be granted all the same.
    pub weighed: bool,
}

/// A notice that was served on a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedOn {
    /// Which.
    pub notice: NoticeId,
    /// On whom.
    pub party: SubjectId,
    /// From when it counts.
    pub from: Timestamp,
}

impl super::Case {
    /// Those on whom notices are served: everybody who has applied or confirmed, each once.
    pub fn recipients(&self) -> Vec<&super::Party> {
        let mut all: Vec<&super::Party> = Vec::new();
        for party in self.parties.iter().filter(|p| p.confirmed_at.is_some()) {
            if all.iter().all(|known| known.subject != party.subject) {
                all.push(party);
            }
        }
        all
    }

    /// The certificates on which it relies: those that stand in for a paper, and the one it prolongs.
    pub fn relying(&self) -> Vec<CertificateId> {
        let papers = self.materials.iter().filter_map(|m| match &m.given {
            Given::Certificate(id) => Some(*id),
            _ => None,
        });
        let mut all: Vec<CertificateId> = papers.chain(self.renews.iter().map(|r| r.certificate)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Whether it relies on this certificate.
    pub fn relies_on(&self, certificate: CertificateId) -> bool {
        self.relying().contains(&certificate)
    }

    /// Certificates on which it still relies, that fell while it ran, and that nobody has weighed since.
    pub fn fallen(&self) -> impl Iterator<Item = &Relied> {
        self.relied.iter().filter(|r| !r.stands && !r.weighed && self.relies_on(r.certificate))
    }

    /// The names to whom a notice is addressed: whoever takes part, or the first party before anybody does.
    pub fn addressees(&self) -> Vec<&str> {
        let all: Vec<&str> = self.recipients().into_iter().map(|p| p.name.as_str()).collect();
        if all.is_empty() { self.first_party().map(|p| p.name.as_str()).into_iter().collect() } else { all }
    }

    /// Whether this party wants papers in another way than electronically.
    pub fn wants_paper(&self, party: SubjectId) -> bool {
        let filer = self.paper && self.filer() == Some(party);
        filer || self.parties.iter().any(|p| p.subject == party && p.paper)
    }

    /// What has still to be brought to a party who is not reached on line, before or beside the decision, which comes with its results:
    /// every notice that they were not handed, but for the receipt, which is printed where it is filed.
    pub fn to_post(&self, party: SubjectId) -> Vec<&Issued> {
        let told = |i: &&Issued| self.served.iter().any(|s| s.notice == i.notice && s.party == party);
        let own = |i: &&Issued| {
            let others = matches!(
                i.kind,
                NoticeKind::Receipt
                    | NoticeKind::Service
                    | NoticeKind::Interested
                    | NoticeKind::HearingPublic
            );
            !others && !i.outside && !i.kind.decides()
        };
        let paper = self.wants_paper(party);
        self.notices.iter().filter(|i| paper && own(i) && !told(i)).collect()
    }

    /// What has still to be served, and on whom: every notice whose service needs proof.
    pub fn unserved(&self) -> impl Iterator<Item = (&Issued, &super::Party)> {
        // What was delivered before services were written down one by one was served with the decision.
        let told = |i: &Issued| i.kind.decides() && self.served.is_empty() && self.state.delivered();
        let served = |i: &Issued, p: &super::Party| {
            self.served.iter().any(|s| s.notice == i.notice && s.party == p.subject)
        };
        // What goes to those concerned who are no party is served on them.
        let own = |i: &Issued| i.kind.proven() && i.kind != NoticeKind::Interested && !i.outside;
        // A decision that another has taken the place of is no longer to be served.
        let last = self.notices.iter().rfind(|i| i.kind.decides()).map(|i| i.notice);
        let past = move |i: &Issued| i.kind.decides() && last != Some(i.notice);
        let due = self.notices.iter().filter(move |i| own(i) && !told(i) && !past(i));
        due.flat_map(move |i| {
            self.recipients().into_iter().filter(move |p| !served(i, p)).map(move |p| (i, p))
        })
    }
}

/// A term whose end has passed and is written down, so that it is written down once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdue {
    /// Which.
    pub kind: TermKind,
    /// Its end.
    pub due: Timestamp,
}
