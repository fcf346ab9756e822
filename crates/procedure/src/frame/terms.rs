//! What each frame's law sets: terms, hearing, renewal, reasons. Where a law is silent the answer is `None`, never another
//! law's term.

use super::{Frame, HearingTerms, Law, MoreTime, Renewal};
use crate::law::{self, business_environment, licensing, market_entity, real_estate, social_relief};
use crate::leave::LeaveOf;
use crate::{RunningTerm, SuspensionKind, TermKind};
use kernel::{Calendar, Term, Text, Timestamp};

impl Frame {
    /// The law that binds the frame as a whole; where there is none, what binds every government service. A filing may not be
    /// a licence in disguise (Regulation on Optimising the Business Environment art. 39).
    pub fn law(self) -> Law {
        match self {
            Self::Licence => licensing(0),
            Self::RealEstate => real_estate(0),
            Self::MarketEntity => market_entity(0),
            Self::SocialRelief => social_relief(0),
            Self::Filing => business_environment(39),
            Self::Registration | Self::Benefit | Self::Confirmation | Self::PublicService => {
                business_environment(35)
            }
        }
    }

    /// Within what time it must be said whether the application is accepted, and by which law. When the time passes in
    /// silence the application counts as accepted from the day it was received (licence: article 32). For real estate it is
    /// said on the spot, that is by the end of the working day (0 working days), or it counts as accepted (article 17).
    pub fn acceptance(self) -> Option<(Term, Law)> {
        match self {
            Self::Licence => Some((law::ACCEPTANCE, licensing(32))),
            Self::RealEstate => Some((law::ON_THE_SPOT, real_estate(17))),
            _ => None,
        }
    }

    /// The law's own limit for the decision, counted from acceptance; `None` where only the item's own law sets one.
    /// `joint`: several bodies handle it together (article 26).
    pub fn decision(self, joint: bool) -> Option<(Term, Law)> {
        match self {
            Self::Licence if joint => Some((law::JOINT_DECISION, licensing(42))),
            Self::Licence => Some((law::DECISION, licensing(42))),
            Self::RealEstate => Some((law::REAL_ESTATE_ENTRY, real_estate(20))),
            Self::MarketEntity => Some((law::MARKET_ENTRY, market_entity(19))),
            _ => None,
        }
    }

    /// How much more time there may be to decide, once, told with reasons; `None` where only the item's own law says so.
    pub fn extension(self, joint: bool) -> Option<MoreTime> {
        let (term, law, of) = match self {
            Self::Licence if joint => (law::JOINT_EXTENSION, licensing(42), LeaveOf::Government),
            Self::Licence => (law::EXTENSION, licensing(42), LeaveOf::Agency),
            Self::MarketEntity => (law::MARKET_EXTENSION, market_entity(19), LeaveOf::Agency),
            _ => return None,
        };
        Some(MoreTime { term, law, of, leave: of.name() })
    }

    /// A lower body's time to review what a higher body decides, from the lower body's acceptance (article 43).
    pub fn preliminary_review(self) -> Option<(Term, Law)> {
        (self == Self::Licence).then(|| (law::PRELIMINARY_REVIEW, licensing(43)))
    }

    /// The lower body's term as it runs from its acceptance; it stops when the case is sent up.
    pub fn start_preliminary_review(self, accepted: Timestamp, calendar: &Calendar) -> Option<RunningTerm> {
        let (term, law) = self.preliminary_review()?;
        Some(RunningTerm::start(TermKind::PreliminaryReview, accepted, term, Some(law), calendar))
    }

    /// Within what time a granted certificate must be issued and delivered.
    pub fn issue(self) -> Option<(Term, Law)> {
        (self == Self::Licence).then(|| (law::ISSUE, licensing(44)))
    }

    /// The times of a hearing (articles 47 and 48).
    pub fn hearing(self) -> Option<HearingTerms> {
        (self == Self::Licence).then(|| HearingTerms {
            request: law::HEARING_REQUEST,
            hold: law::HEARING_HOLD,
            announce: law::HEARING_ANNOUNCE,
            law: licensing(47),
            conduct: licensing(48),
        })
    }

    /// When a holder asks for renewal (article 50).
    pub fn renewal(self) -> Option<Renewal> {
        (self == Self::Licence).then(|| Renewal {
            before: law::practice().renewal,
            law: licensing(50),
            silence_renews: true,
        })
    }

    /// By which law the time of such a procedure does not count (article 45); `None` where only the item's own law may say
    /// so, and always for an ordinary suspension and a payment.
    pub fn exclusion(self, kind: SuspensionKind) -> Option<Law> {
        let special = kind.stops() && kind != SuspensionKind::Payment;
        (self == Self::Licence && special).then(|| licensing(45))
    }

    /// The usual time for the pre-check of an application on line (预审).
    pub fn precheck(self) -> Term {
        law::practice().precheck
    }

    /// Whether an application that is complete in form is accepted by the program itself. In the licence frame a body
    /// accepts with its seal and date, and may ask for more only before it does; in real-estate registration it says on the
    /// spot and in writing what is missing, and not later. So a person of that body decides — unless every step of the item is
    /// automatic.
    pub fn accepts_by_rule(self) -> bool {
        !matches!(self, Self::Licence | Self::RealEstate)
    }

    /// Whether a supplement may still be asked for after acceptance (never where the law has it asked for before).
    pub fn supplement_after_acceptance(self) -> bool {
        !matches!(self, Self::Licence | Self::RealEstate)
    }

    /// Until when the applicant may take the application back.
    pub fn withdrawal(self) -> Text {
        if self.registers() {
            // What is entered is undone only by another registration.
            Text::new("记载于登记簿之前", "before it is entered in the register")
        } else {
            Text::new("作出决定之前", "before the decision")
        }
    }

    /// By which law the applicant may take the application back; `None` where no law says so and nothing forbids it.
    pub fn withdrawal_law(self) -> Option<Law> {
        (self == Self::RealEstate).then(|| real_estate(15))
    }

    /// By which law what is missing is told once and completely (一次性告知).
    pub fn supplement_law(self) -> Law {
        match self {
            Self::Licence => licensing(32),
            Self::RealEstate => real_estate(17),
            Self::MarketEntity => market_entity(19),
            _ => business_environment(36),
        }
    }

    /// By which law a non-acceptance is told, with the body to turn to.
    pub fn not_accepted_law(self) -> Law {
        match self {
            Self::Licence => licensing(32),
            Self::RealEstate => real_estate(17),
            _ => self.refusal_law(),
        }
    }

    /// By which law a refusal states its reasons.
    pub fn refusal_law(self) -> Law {
        match self {
            Self::Licence => licensing(38),
            Self::RealEstate => real_estate(22),
            Self::MarketEntity => market_entity(20),
            Self::SocialRelief => social_relief(11),
            _ => business_environment(36),
        }
    }

    /// By which law a grant is made and told; `None` where only the item's own law says so.
    pub fn grant_law(self) -> Option<Law> {
        match self {
            Self::Licence => Some(licensing(38)),
            Self::RealEstate => Some(real_estate(21)),
            Self::MarketEntity => Some(market_entity(21)),
            Self::SocialRelief => Some(social_relief(11)),
            _ => None,
        }
    }

    /// By which law an act granted wrongly is taken back (撤销); `None` where only the item's own law says so. A wrong entry
    /// about real estate is corrected by registration, not taken back.
    pub fn revocation_law(self) -> Option<Law> {
        match self {
            Self::Licence => Some(licensing(69)),
            Self::MarketEntity => Some(market_entity(40)),
            _ => None,
        }
    }

    /// By which law others whose major interests are touched are told of the application and heard (第三十六条).
    pub fn interested_law(self) -> Option<Law> {
        (self == Self::Licence).then(|| licensing(36))
    }

    /// By which law a hearing on what concerns the public is announced to everybody (第四十六条).
    pub fn public_hearing_law(self) -> Option<Law> {
        (self == Self::Licence).then(|| licensing(46))
    }
}
