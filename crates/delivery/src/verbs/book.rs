//! The address book: one's own, written by oneself or by a clerk at the window for whoever has no telephone.

use crate::model::*;
use crate::rules::invalid;
use crate::store::{self as rows, AddressPut};
use ::store::{Cx, Store};
use identity::Applicant;
use kernel::{Lang, Outcome, Refusal, RefusalKind, SubjectId};
use serde::{Deserialize, Serialize};
use trace::{Event, Subject};

/// So many addresses one has at most.
pub const ADDRESSES_MAX: usize = 20;

/// What was typed.
#[derive(Debug, Clone)]
pub struct Typed {
    /// The administrative division.
    pub division: String,
    /// Street, recipient, telephone.
    pub told: Told,
    /// Whether it is offered first.
    pub usual: bool,
}

/// An address as its owner reads it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: AddressId,
    /// The administrative division.
    pub division: String,
    /// Its name, from above.
    pub place: String,
    /// Street, recipient, telephone; none where it is kept from whoever asks.
    pub told: Option<Told>,
    /// Whether it is offered first.
    pub usual: bool,
    /// For how many changes.
    pub rev: i64,
}

/// What happened to an address; never what it says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
enum AddressEvent {
    /// It was written or changed.
    Written {
        /// Whose.
        subject: SubjectId,
    },
    /// It was taken out of the book.
    Removed,
}

impl Event for AddressEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Written { .. } => "written",
            Self::Removed => "removed",
        }
    }
}

async fn record(cx: &mut Cx, id: AddressId, event: &AddressEvent) -> Outcome<()> {
    let (subject, now) = (Subject::new("address", id), cx.now);
    let mut head = trace::head(cx.store(), &subject).await?;
    trace::record(cx, &mut head, &subject, event, now)
}

/// The name of a division with those above it.
pub(crate) async fn place(store: &Store, division: &str, lang: Lang) -> Outcome<String> {
    let mut chain = identity::division_chain(store, division).await?;
    chain.reverse();
    let names: Vec<&str> = chain.iter().map(|(_, name)| name.get(lang)).collect();
    Ok(names.join(if lang == Lang::ZhCn { "" } else { ", " }))
}

/// One's addresses, the usual one first. Where somebody under protection lives is told to nobody who acts for them.
///
/// # Errors
/// A fault of the store.
pub async fn entries(store: &Store, who: &Applicant, lang: Lang) -> Outcome<Vec<Entry>> {
    let kept = match who.subject() {
        SubjectId::Person(person) => identity::address_kept(store, person, who.person()).await?,
        SubjectId::Organisation(_) => false,
    };
    all(store, who.subject(), kept, lang).await
}

pub(crate) async fn all(store: &Store, subject: SubjectId, kept: bool, lang: Lang) -> Outcome<Vec<Entry>> {
    let mut entries = Vec::new();
    for row in rows::addresses(store, subject).await? {
        let told = if kept { None } else { Some(row.open(store.sealer())?) };
        let place = if kept { String::new() } else { place(store, &row.division, lang).await? };
        entries.push(Entry {
            id: row.id,
            division: row.division,
            place,
            told,
            usual: row.usual,
            rev: row.rev,
        });
    }
    Ok(entries)
}

/// Somebody's addresses as whoever packs may choose among them: street and telephone masked, which is no look.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn masked(store: &Store, subject: SubjectId, lang: Lang) -> Outcome<Vec<(String, String)>> {
    let mut lines = Vec::new();
    for row in rows::addresses(store, subject).await? {
        let told = row.open(store.sealer())?;
        let head: String = told.street.chars().take(2).collect();
        let (name, phone) = (page::format::mask_name(&told.recipient), page::format::mask_phone(&told.phone));
        let line = format!("{}{head}*** {name} {phone}", place(store, &row.division, lang).await?);
        lines.push((row.id.to_string(), line));
    }
    Ok(lines)
}

/// One address of one's own.
///
/// # Errors
/// Not found, also where it is kept from whoever asks.
pub async fn entry(store: &Store, who: &Applicant, id: AddressId, lang: Lang) -> Outcome<Entry> {
    let all = entries(store, who, lang).await?;
    let found = all.into_iter().find(|e| e.id == id && e.told.is_some());
    found.ok_or_else(|| Refusal::not_found().into())
}

/// Writes an address down, or changes it; the first is the usual one.
///
/// # Errors
/// `delivery.address-*` at the field that is wrong; not found; `delivery.address-stale` when it was changed meanwhile;
/// `delivery.addresses-full`.
pub async fn put(
    cx: &mut Cx,
    subject: SubjectId,
    old: Option<(AddressId, i64)>,
    typed: &Typed,
) -> Outcome<AddressId> {
    let told = checked(cx.store(), typed).await?;
    let before = rows::addresses(cx.store(), subject).await?;
    let usual = typed.usual || before.is_empty();
    let sealer = cx.store().sealer().clone();
    let id = match old {
        Some((id, rev)) => {
            let row = before.iter().find(|r| r.id == id).ok_or_else(Refusal::not_found)?;
            if row.rev != rev {
                return Err(stale().into());
            }
            let usual = usual || row.usual;
            let new = AddressPut { id, subject, division: &typed.division, told: &told, usual };
            rows::update_address(&mut cx.commit, &sealer, &new, rev)?;
            id
        }
        None => {
            if before.len() >= ADDRESSES_MAX {
                return Err(full().into());
            }
            let (id, now) = (cx.new_id(), cx.now);
            let new = AddressPut { id, subject, division: &typed.division, told: &told, usual };
            rows::insert_address(&mut cx.commit, &sealer, &new, now)?;
            id
        }
    };
    if usual {
        rows::only_usual(&mut cx.commit, subject, id);
    }
    record(cx, id, &AddressEvent::Written { subject }).await?;
    Ok(id)
}

/// Takes an address out of the book.
///
/// # Errors
/// Not found; `delivery.address-wanted` while a parcel that is not packed yet goes there; `delivery.address-stale`.
pub async fn remove(cx: &mut Cx, subject: SubjectId, id: AddressId, rev: i64) -> Outcome<()> {
    let row = rows::address(cx.store(), id, subject).await?.ok_or_else(Refusal::not_found)?;
    if row.rev != rev {
        return Err(stale().into());
    }
    if rows::address_wanted(cx.store(), subject, id).await? {
        let (zh, en) = ("有一件快件正要寄到这里。", "A parcel is about to go there.");
        return Err(Refusal::new(RefusalKind::Conflict, "delivery.address-wanted", zh, en)
            .next("请先为那件快件另选地址。", "Choose another address for that parcel first.")
            .into());
    }
    rows::drop_address(&mut cx.commit, id, rev);
    record(cx, id, &AddressEvent::Removed).await
}

/// The address without spaces around it, every field looked at.
async fn checked(store: &Store, typed: &Typed) -> Outcome<Told> {
    let told = Told {
        street: tidy(&typed.told.street),
        recipient: tidy(&typed.told.recipient),
        phone: typed.told.phone.chars().filter(|c| !c.is_whitespace() && *c != '-').collect(),
    };
    let mut no: Option<Refusal> = None;
    let mut wrong = |field: &str, zh: &str, en: &str| {
        let refusal = no.take();
        no = Some(match refusal {
            None => invalid("delivery.address", field, zh, en),
            Some(refusal) => refusal.field(field, zh, en),
        });
    };
    let county =
        !typed.division.ends_with("0000") && identity::division(store, &typed.division).await?.is_some();
    if !county {
        wrong("division", "请选择所在的县（市、区）。", "Choose the county or district.");
    }
    if !(4..=200).contains(&told.street.chars().count()) {
        wrong(
            "street",
            "请填写街道、门牌和房号，4到200个字。",
            "Write street, house and flat, 4 to 200 characters.",
        );
    }
    if !(1..=60).contains(&told.recipient.chars().count()) {
        wrong("recipient", "请填写收件人姓名，60个字以内。", "Write who takes it, at most 60 characters.");
    }
    // Whoever has no telephone is brought their post all the same (国办发〔2020〕45号).
    let number = (7..=16).contains(&told.phone.len()) && told.phone.bytes().all(|b| b.is_ascii_digit());
    if !told.phone.is_empty() && !number {
        wrong(
            "phone",
            "电话号码应是7到16位数字；没有电话的可以不填。",
            "A telephone number has 7 to 16 digits; leave it out where there is none.",
        );
    }
    match no {
        None => Ok(told),
        Some(refusal) => Err(refusal.into()),
    }
}

fn tidy(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn stale() -> Refusal {
    let (zh, en) = ("这个地址刚被改过。", "This address was changed meanwhile.");
    Refusal::new(RefusalKind::Conflict, "delivery.address-stale", zh, en)
        .next("请刷新页面，在新内容上修改。", "Load the page anew and change what stands there now.")
}

fn full() -> Refusal {
    let (zh, en) = ("地址簿最多保存20个地址。", "The book holds 20 addresses.");
    Refusal::new(RefusalKind::Conflict, "delivery.addresses-full", zh, en)
        .next("请先删除不用的地址。", "Remove one that is not used.")
}
