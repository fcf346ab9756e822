//! Letters that leave the house: short texts to the holder of an account, by whatever way the operator has plugged in. A letter
//! is a message of the commit that causes it, is carried at least once, and holds up no other; one that does not get away is
//! tried again for a week, then becomes a dead letter that `doctor` and `/metrics` show. It says that something happened, never
//! what: no name, no case, no secret, no address that signs in. To a number that is no account's: [`tell_number`].

mod folder;
mod gateway;
mod number;

pub use folder::OutboxFolder;
pub use gateway::{Gateway, GatewayKey};
pub use number::{CARRIED, Carried, ToNumber, tell_number};

use crate::events::{self, AccountEvent};
use crate::mail;
use crate::people::PHONE;
use crate::store;
use ::store::outbox::{Courier, Message};
use ::store::{Cx, Ground, Store, receive};
use async_trait::async_trait;
use kernel::id::TypedId as _;
use kernel::{AccountId, Failure, Fault, Outcome, SubjectId, Text, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const TOPIC: &str = "identity.letter";
/// What concerns somebody, before it is known which accounts that is.
const CONCERNS: &str = "identity.concerns";
/// The same letter by e-mail: a message of its own, so that one way that fails does not send the other way's letter again.
const MAIL_TOPIC: &str = "identity.letter-mail";
/// The topics of this room's messages, for whoever listens to other rooms only.
pub const TOPICS: [&str; 5] = [TOPIC, MAIL_TOPIC, CONCERNS, number::TOPIC, CARRIED];
/// A letter that did not get away for so long says nothing any more.
const DAYS: i64 = 7;
/// The most people of an organisation who are written to.
const MANAGERS_MAX: i64 = 5;

kernel::typed_id! {
    /// One letter.
    LetterId;
}

/// What a letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Letter {
    /// Something was decided; one has to sign in to read what.
    Decided,
    /// Something is asked for before it goes on, within a time.
    Asked,
    /// Another document was issued from whose service a time runs.
    Served,
    /// A certificate was suspended, given back, revoked, cancelled or forfeited.
    CertificateChanged,
    /// A certificate ends soon.
    CertificateEnding,
    /// A rating was answered.
    RatingAnswered,
    /// A parcel waits to be collected.
    ParcelReady,
    /// A parcel is on its way.
    ParcelAway,
    /// A parcel came back.
    ParcelReturned,
    /// An appointment was booked.
    AppointmentBooked,
    /// An appointment was moved, called off or excused, or the hall has closed its time.
    AppointmentChanged,
    /// There is an appointment tomorrow.
    AppointmentTomorrow,
    /// Somebody did not come to an appointment.
    AppointmentMissed,
    /// To the head of a hall: what was accepted on paper while the network was away is not recorded yet.
    PaperUnrecorded,
    /// The account was joined with the national identity service.
    Joined,
    /// How one signs in was changed: password, second factor, recovery codes, passkeys.
    WaysChanged,
    /// Somebody began at a window to find the account again.
    RecoveryBegun,
    /// A new password was set by a code.
    Recovered,
    /// The code that confirms an e-mail address; by e-mail only.
    MailCode,
}

impl Letter {
    /// Its word, for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Asked => "asked",
            Self::Served => "served",
            Self::CertificateChanged => "certificate-changed",
            Self::CertificateEnding => "certificate-ending",
            Self::RatingAnswered => "rating-answered",
            Self::ParcelReady => "parcel-ready",
            Self::ParcelAway => "parcel-away",
            Self::ParcelReturned => "parcel-returned",
            Self::AppointmentBooked => "appointment-booked",
            Self::AppointmentChanged => "appointment-changed",
            Self::AppointmentTomorrow => "appointment-tomorrow",
            Self::AppointmentMissed => "appointment-missed",
            Self::PaperUnrecorded => "paper-unrecorded",
            Self::Joined => "joined",
            Self::WaysChanged => "ways-changed",
            Self::RecoveryBegun => "recovery-begun",
            Self::Recovered => "recovered",
            Self::MailCode => "mail-code",
        }
    }

    /// What is said of a parcel.
    fn of_a_parcel(self) -> (String, String) {
        let (zh, en) = match self {
            Self::ParcelAway => (
                "您的一份材料已经寄出，请登录查看进展。",
                "Something is on its way to you. Sign in to follow it.",
            ),
            Self::ParcelReturned => (
                "寄给您的一份材料被退回，请登录查看怎样拿到。",
                "Something that was sent to you came back. Sign in to read how to get it.",
            ),
            _ => (
                "您有一份材料等您领取，请登录查看取件码和地点。",
                "Something is ready for you to collect. Sign in to read the code and where.",
            ),
        };
        (zh.to_owned(), en.to_owned())
    }

    /// What it says of an appointment.
    fn of_appointment(self) -> (String, String) {
        let (zh, en) = match self {
            Self::AppointmentBooked => (
                "预约成功，请登录查看时间、地点和预约码。",
                "An appointment was booked. Sign in to see when, where, and its code.",
            ),
            Self::AppointmentTomorrow => (
                "您明天有一个预约，请登录查看时间、地点和要带什么。来不了请取消，让给别人。",
                "You have an appointment tomorrow. Sign in to see when, where, and what to bring. If you cannot come, cancel it for others.",
            ),
            Self::AppointmentMissed => (
                "您有一个预约没有来，已记录。认为记错了的，请登录查看怎么提出。",
                "You did not come to an appointment, and that was written down. Sign in to see what to do if it is wrong.",
            ),
            _ => (
                "您的一个预约有变动，请登录查看怎么办。",
                "One of your appointments has changed. Sign in to see what to do.",
            ),
        };
        (zh.to_owned(), en.to_owned())
    }

    /// What is said of a certificate.
    fn of_a_certificate(self) -> (String, String) {
        let (zh, en) = match self {
            Self::CertificateEnding => (
                "您的一张证照快要到期，请登录查看到期日和是否可以延续。",
                "One of your certificates ends soon. Sign in to read when, and whether it can be renewed.",
            ),
            _ => (
                "您的一张证照状态有变动，请登录查看原因。",
                "The state of one of your certificates has changed. Sign in to read why.",
            ),
        };
        (zh.to_owned(), en.to_owned())
    }

    /// What it says; `site` is who writes, `hotline` whom to call.
    fn text(self, site: &Text, hotline: &str) -> Text {
        let (zh, en) = match self {
            Self::Decided => (
                "您的一件申请有了结果，请登录查看。".to_owned(),
                "One of your applications has been decided. Sign in to read it.".to_owned(),
            ),
            Self::Asked => (
                "您的一件申请需要补正，请登录查看要补什么、补到哪一天。".to_owned(),
                "One of your applications needs something from you. Sign in to read what, and by when."
                    .to_owned(),
            ),
            Self::Served => (
                "您的一件申请有一份文书，请登录查看。".to_owned(),
                "There is a document on one of your applications. Sign in to read it.".to_owned(),
            ),
            Self::CertificateChanged | Self::CertificateEnding => self.of_a_certificate(),
            Self::RatingAnswered => (
                "您的一条评价有了答复，请登录查看。".to_owned(),
                "One of your ratings was answered. Sign in to read it.".to_owned(),
            ),
            Self::ParcelReady | Self::ParcelAway | Self::ParcelReturned => self.of_a_parcel(),
            Self::AppointmentBooked
            | Self::AppointmentChanged
            | Self::AppointmentTomorrow
            | Self::AppointmentMissed => self.of_appointment(),
            Self::PaperUnrecorded => (
                "您的大厅还有断网期间的纸质号没有补录，请登录查看。".to_owned(),
                "Numbers your hall gave on paper while the network was away are not recorded yet. Sign in to see which."
                    .to_owned(),
            ),
            Self::Joined => (
                format!("您的账号已关联国家身份认证服务。不是您本人操作的，请立即拨打{hotline}。"),
                format!(
                    "Your account was joined with the national identity service. If that was not you, call {hotline} at once."
                ),
            ),
            Self::WaysChanged => (
                format!("您的账号修改了登录方式。不是您本人操作的，请立即拨打{hotline}。"),
                format!("How you sign in was changed. If that was not you, call {hotline} at once."),
            ),
            Self::RecoveryBegun => (
                format!("有人在窗口为您的账号办理找回。不是您本人办理的，请立即拨打{hotline}。"),
                format!(
                    "Somebody asked at a window to find your account again. If that was not you, call {hotline} at once."
                ),
            ),
            // Its text holds the code, which is known where it is sent.
            Self::MailCode => (String::new(), String::new()),
            Self::Recovered => (
                format!(
                    "您的账号设置了新密码，原来的登录已全部结束。不是您本人操作的，请立即拨打{hotline}。"
                ),
                format!(
                    "Your account has a new password; all earlier sign-ins ended. If that was not you, call {hotline} at once."
                ),
            ),
        };
        Text::new(format!("【{}】{zh}", site.zh), format!("[{}] {en}", site.en))
    }
}

/// Where a letter goes.
#[derive(Clone, PartialEq, Eq)]
pub enum To {
    /// A mobile number, 11 digits.
    Phone(String),
    /// An e-mail address.
    Mail(String),
}

impl To {
    /// Shown in part.
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(number) => page::format::mask_phone(number),
            Self::Mail(address) => mail::mask(address),
        }
    }
}

/// A letter ready to leave.
#[derive(Clone)]
pub struct Outgoing {
    /// Its id; a letter that is carried twice has the same.
    pub id: LetterId,
    /// Where it goes.
    pub to: To,
    /// What it is about.
    pub about: Letter,
    /// The text. The house does not know which language somebody reads: a carrier that takes one text sends [`Outgoing::both`].
    pub text: Text,
    /// When it was written.
    pub at: Timestamp,
}

impl Outgoing {
    /// The text in both languages.
    pub fn both(&self) -> String {
        format!("{}\n{}", self.text.zh, self.text.en)
    }
}

/// Neither the number nor the text: what is printed may end in a log.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outgoing {} ({})", self.id, self.about.word())
    }
}

/// Who carries letters; `app` plugs one in.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// What it is called in the trace: `sms`, `outbox-folder`.
    fn way(&self) -> &'static str;

    /// Takes a letter; it may be told the same one again and then carries it once.
    ///
    /// # Errors
    /// Why it did not, for the log; never whom it was to.
    async fn carry(&self, letter: &Outgoing) -> Result<(), String>;
}

/// Who writes, and who carries.
#[derive(Clone)]
pub struct PostOffice {
    /// Who writes, as it stands at the head of each letter.
    pub site: Text,
    /// The telephone number to call when something is wrong.
    pub hotline: String,
    /// Who carries to telephones; none, and nothing is sent to them.
    pub carrier: Option<Arc<dyn Carrier>>,
    /// Who carries e-mail; none, and nobody is asked for an address.
    pub mail: Option<Arc<dyn Carrier>>,
}

#[derive(Serialize, Deserialize)]
struct Told {
    id: LetterId,
    account: AccountId,
    letter: Letter,
    at: i64,
}

/// Adds to the commit that the holder of an account is written to. Each letter is a subject of its own, so that one that does not
/// get away holds up no other.
///
/// # Errors
/// A fault when it cannot be written.
pub fn tell(cx: &mut Cx, account: AccountId, letter: Letter) -> Outcome<()> {
    let id = LetterId::new_at(cx.now, cx.ground.rng.as_ref());
    let told = Told { id, account, letter, at: cx.now.as_microsecond() };
    if letter != Letter::MailCode {
        cx.commit.emit(TOPIC, &format!("letter:{id}"), &told)?;
    }
    cx.commit.emit(MAIL_TOPIC, &format!("letter-mail:{id}"), &told)?;
    Ok(())
}

#[derive(Serialize, Deserialize)]
struct Concern {
    subject: SubjectId,
    letter: Letter,
}

/// Adds to the commit that somebody is written to: a person at their own account, an organisation at those of the people who
/// manage it. Whoever has none finds it in their space, or by post.
///
/// # Errors
/// A fault when it cannot be written.
pub fn tell_subject(cx: &mut Cx, subject: SubjectId, letter: Letter) -> Result<(), Fault> {
    let id = LetterId::new_at(cx.now, cx.ground.rng.as_ref());
    cx.commit.emit(CONCERNS, &format!("letter:{id}"), &Concern { subject, letter })?;
    Ok(())
}

async fn spread(ground: &Ground, message: &Message) -> Result<(), Failure> {
    let Concern { subject, letter } = message.parse()?;
    let accounts = accounts_of(&ground.store, subject, ground.clock.now()).await?;
    receive!(ground, message, |cx| {
        let told = accounts.iter().try_for_each(|account| tell(&mut cx, *account, letter));
        async { told }.await
    })
}

/// Whether anything on line reaches somebody: they, or whoever manages the firm, have an account here.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn reached(store: &Store, subject: SubjectId, now: Timestamp) -> Result<bool, Fault> {
    Ok(!accounts_of(store, subject, now).await?.is_empty())
}

async fn accounts_of(store: &Store, subject: SubjectId, now: Timestamp) -> Result<Vec<AccountId>, Fault> {
    let also = store::also(crate::demo::demo_runs());
    let people = match subject {
        SubjectId::Person(person) => vec![person],
        SubjectId::Organisation(firm) => store::who_manages(store, firm, now, MANAGERS_MAX).await?,
    };
    let mut accounts = Vec::new();
    for person in people {
        accounts.extend(store::account_of(store, person, also).await?.map(|(account, _)| account));
    }
    Ok(accounts)
}

/// Subscribes the way out. [`CARRIED`] is for the rooms above to hear.
pub fn courier(courier: Courier, office: PostOffice) -> Courier {
    let courier = courier.on(CONCERNS, |ground, message| async move { spread(&ground, &message).await });
    let (by_mail, to_numbers) = (office.clone(), office.clone());
    let courier = courier.on(number::TOPIC, move |ground, message| {
        let office = to_numbers.clone();
        async move { number::on_told(&ground, &office, &message).await }
    });
    let courier = courier.on(TOPIC, move |ground, message| {
        let office = office.clone();
        async move {
            let Some(carrier) = &office.carrier else { return Ok(()) };
            let told: Told = message.parse()?;
            let sealed = store::phone_of(&ground.store, told.account).await?;
            // Somebody without a telephone number finds it in their space.
            let Some(sealed) = sealed else { return Ok(()) };
            let to = To::Phone(sealed.open(ground.store.sealer(), PHONE)?);
            let text = told.letter.text(&office.site, &office.hotline);
            deliver(&ground, carrier, &message, (told, to, text)).await
        }
    });
    courier.on(MAIL_TOPIC, move |ground, message| {
        let office = by_mail.clone();
        async move {
            let Some(carrier) = &office.mail else { return Ok(()) };
            let told: Told = message.parse()?;
            let Some((to, text)) = mailed(&ground, &office, &told).await? else { return Ok(()) };
            deliver(&ground, carrier, &message, (told, to, text)).await
        }
    })
}

/// Where a letter goes by e-mail and what it says: a code to the address that is to be confirmed, everything else to the confirmed one.
async fn mailed(ground: &Ground, office: &PostOffice, told: &Told) -> Result<Option<(To, Text)>, Fault> {
    let sealer = ground.store.sealer();
    let code = told.letter == Letter::MailCode;
    let state = if code { store::ASKED } else { store::CONFIRMED };
    let Some(row) = store::mail(&ground.store, told.account, state).await? else { return Ok(None) };
    let to = To::Mail(row.address.open(sealer, mail::MAIL)?);
    if !code {
        return Ok(Some((to, told.letter.text(&office.site, &office.hotline))));
    }
    // A code that was asked for anew goes with its own letter, this one with none.
    let Some(code) = row.code.filter(|_| row.since.as_microsecond() == told.at) else { return Ok(None) };
    Ok(Some((to, code_text(&office.site, &code.open(sealer, mail::CODE)?))))
}

fn code_text(site: &Text, code: &str) -> Text {
    Text::new(
        format!("【{}】邮箱验证码：{code}，30分钟内有效。不是您本人操作的，不用理会。", site.zh),
        format!(
            "[{}] Your code: {code}, good for 30 minutes. If you did not ask for it, ignore it.",
            site.en
        ),
    )
}

async fn deliver(
    ground: &Ground,
    carrier: &Arc<dyn Carrier>,
    message: &Message,
    (told, to, text): (Told, To, Text),
) -> Result<(), Failure> {
    let at = kernel::clock::from_micros(told.at);
    if ground.clock.now().as_second() - at.as_second() > DAYS * 86_400 {
        return Ok(());
    }
    let outgoing = Outgoing { id: told.id, to, about: told.letter, text, at };
    if let Err(why) = carrier.carry(&outgoing).await {
        tracing::warn!(letter = %told.id, way = carrier.way(), why, "a letter did not get away");
        return Err(Fault::new(format!("a letter did not get away: {why}")).transient().into());
    }
    let event = AccountEvent::WrittenTo { letter: told.letter, way: carrier.way().to_owned() };
    receive!(ground, message, |cx| events::note(&mut cx, told.account, &event).await)
}
