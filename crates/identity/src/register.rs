//! Whoever is not known yet is registered at a window (现场登记): a clerk has seen the document. It makes a person, no account.

use crate::mandate::same_name;
use crate::people::{ADDRESS, NUMBER, PHONE, blind_number, normal};
use crate::phones;
use crate::rights::Clerk;
use crate::store::{self, DocumentRow, PersonRow};
use ::store::{Cx, Sealed};
use kernel::codes::CitizenId;
use kernel::{AccountId, AgencyCode, Outcome, PersonId, Refusal, RefusalKind};
use serde::{Deserialize, Serialize};
use trace::{Event, Head, Subject};

/// A name on a document is not longer.
const NAME_MAX: usize = 60;
/// Nor is an address.
const ADDRESS_MAX: usize = 200;

/// By what a clerk knew somebody (核验方式).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Shown {
    /// A reader took it from the card.
    Card {
        /// Who issued the card.
        issuer: String,
    },
    /// The clerk read it and typed it.
    Document {
        /// Which: 居民身份证, 临时身份证, 户口簿.
        document: String,
    },
}

/// Something that happened to a person who need not have an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum PersonEvent {
    /// A clerk registered them at a window.
    Registered {
        /// Who.
        clerk: AccountId,
        /// For which agency.
        agency: AgencyCode,
        /// By what they were known.
        shown: Shown,
    },
    /// The name was put right by the card: a clerk had typed it from a document.
    Named {
        /// Who.
        clerk: AccountId,
        /// For which agency.
        agency: AgencyCode,
        /// By what it is known.
        shown: Shown,
    },
}

impl Event for PersonEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "registered",
            Self::Named { .. } => "named",
        }
    }
}

/// What is written down of somebody: nothing that they need not have.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The name on the document.
    pub name: String,
    /// The citizen identity number (公民身份号码).
    pub number: CitizenId,
    /// Where they live, if it was said.
    pub address: String,
    /// A telephone, if they have one.
    pub phone: String,
}

impl NewPerson {
    fn checked(mut self) -> Result<Self, Refusal> {
        for text in [&mut self.name, &mut self.address, &mut self.phone] {
            *text = text.trim().to_owned();
        }
        self.phone = phones::digits(&self.phone);
        let long = |text: &str, most| text.chars().count() > most || text.chars().any(char::is_control);
        if self.name.is_empty() || long(&self.name, NAME_MAX) {
            return Err(wrong(
                "name",
                "请照证件填写姓名（60字以内）。",
                "Give the name as on the document, 60 characters at most.",
            ));
        }
        if long(&self.address, ADDRESS_MAX) {
            return Err(wrong("address", "住址请写在200字以内。", "Keep the address to 200 characters."));
        }
        if !(self.phone.is_empty() || phones::is_mobile(&self.phone)) {
            return Err(wrong(
                "phone",
                "手机号码是11位数字；没有手机的不填。",
                "A mobile number has 11 digits; leave it empty for whoever has none.",
            ));
        }
        Ok(self)
    }
}

fn wrong(field: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "identity.register", zh, en).field(field, zh, en)
}

/// Writes down somebody who holds this citizen identity number, with telephone and address where they are known.
pub(crate) fn insert(
    cx: &mut Cx,
    name: String,
    number: &CitizenId,
    (phone, address): (Option<String>, Option<String>),
) -> Outcome<PersonId> {
    let (id, at, store) = (cx.new_id(), cx.now, cx.store().clone());
    let (sealer, number) = (store.sealer(), normal(number.as_str()));
    let index = phone.as_deref().map(|phone| phones::phone_index(&store, phone));
    let row = PersonRow {
        name,
        phone_mask: phone.as_deref().map(page::format::mask_phone),
        phone: phone.as_ref().map(|p| Sealed::seal(sealer, PHONE, p)).transpose()?,
        address: address.as_ref().map(|a| Sealed::seal(sealer, ADDRESS, a)).transpose()?,
    };
    let document = DocumentRow {
        kind: "111".to_owned(),
        country: "CHN".to_owned(),
        number_mask: page::format::mask_id(&number),
        number: Sealed::seal(sealer, NUMBER, &number)?,
    };
    store::insert_person(&mut cx.commit, id, &row, index.as_deref(), at);
    let blind = blind_number(&store, "111", "CHN", &number);
    store::insert_document(&mut cx.commit, id, 1, &blind, &document);
    Ok(id)
}

/// Registers somebody, in the caller's commit; whoever holds the number already is answered and stays as they are.
///
/// # Errors
/// `identity.register` with the field that is wrong.
pub async fn register_at_window(
    cx: &mut Cx,
    clerk: &Clerk,
    new: NewPerson,
    shown: Shown,
) -> Outcome<PersonId> {
    let new = new.checked()?;
    if let Some(known) = crate::person_by_citizen_id(cx.store(), new.number.as_str()).await? {
        return Ok(known);
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (phone, address) = (some(&new.phone), some(&new.address));
    let id = insert(cx, new.name, &new.number, (phone, address))?;
    let now = cx.now;
    let event = PersonEvent::Registered { clerk: clerk.account(), agency: clerk.agency().clone(), shown };
    let (subject, mut head) = (Subject::new("person", id), Head::start());
    trace::record(cx, &mut head, &subject, &event, now)?;
    Ok(id)
}

/// The name on a card beside the one that is kept: where a clerk typed it and nobody has an account by it, the card puts it right.
///
/// # Errors
/// `identity.name-differs` for whoever has an account: that is not put right at a window in passing.
pub async fn name_by_card(
    cx: &mut Cx,
    clerk: &Clerk,
    person: PersonId,
    name: &str,
    shown: Shown,
) -> Outcome<()> {
    let known = store::person(cx.store(), person).await?.ok_or_else(Refusal::not_found)?;
    if same_name(&known.name, name) {
        return Ok(());
    }
    if store::had_account(cx.store(), person).await? {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "identity.name-differs",
            "证件上的姓名和平台实名登记的不一致。",
            "The name on the card is not the one of their verified account.",
        )
        .next(
            "请核对是不是本人；确实改过姓名的，先更正实名信息再办。",
            "Make sure who it is; whoever has changed their name puts the account right first.",
        )
        .into());
    }
    store::rename_person(&mut cx.commit, person, name.trim());
    let event = PersonEvent::Named { clerk: clerk.account(), agency: clerk.agency().clone(), shown };
    let (subject, now) = (Subject::new("person", person), cx.now);
    let mut head = trace::head(cx.store(), &subject).await?;
    trace::record(cx, &mut head, &subject, &event, now)
}
