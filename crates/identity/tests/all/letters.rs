//! Letters that leave the house: with the commit that causes them, once, later when the carrier was away. On both databases.
use crate::common::{ROOMS, seed, session};
use async_trait::async_trait;
use harness::{TestGround, both};
use identity::letters::{self, Carrier, Letter, OutboxFolder, Outgoing, PostOffice, To};
use identity::{AccountEvent, Session};
use kernel::{ActorRef, Lang, OrganisationId, PersonId, SubjectId, Text};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use store::outbox::Courier;
use store::{command, params};
use trace::Subject;

#[derive(Default)]
struct Basket {
    away: AtomicBool,
    asked: AtomicUsize,
    taken: Mutex<Vec<Outgoing>>,
}

#[async_trait]
impl Carrier for Basket {
    fn way(&self) -> &'static str {
        "basket"
    }

    async fn carry(&self, letter: &Outgoing) -> Result<(), String> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err("nobody at home".to_owned());
        }
        self.taken.lock().unwrap().push(letter.clone());
        Ok(())
    }
}

fn courier(t: &TestGround, carrier: Option<Arc<dyn Carrier>>) -> Courier {
    let site = Text::new("一门政务服务", "Yimen");
    letters::courier(
        Courier::new(t.ground.clone()),
        PostOffice { site, hotline: "12345".into(), carrier, mail: None },
    )
}

async fn tell(t: &TestGround, who: &Session, letter: Letter) {
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| async {
        letters::tell(&mut cx, who.account(), letter)
    }
    .await)
    .unwrap();
}

async fn written(t: &TestGround, who: &Session) -> Vec<(Letter, String)> {
    let subject = Subject::new("account", who.account());
    let (_, found) = trace::history::<AccountEvent>(&t.store, &subject).await.unwrap();
    let one = |event| match event {
        AccountEvent::WrittenTo { letter, way } => Some((letter, way)),
        _ => None,
    };
    found.into_iter().filter_map(|recorded| one(recorded.event)).collect()
}

both!(a_letter_says_that_something_happened_and_nothing_else, ROOMS, |t| async move {
    seed(&t).await;
    let (who, basket) = (session(&t, "citizen").await, Arc::new(Basket::default()));
    tell(&t, &who, Letter::Decided).await;
    let drained = courier(&t, Some(basket.clone())).drain().await.unwrap();
    assert_eq!(
        (drained.delivered, drained.failed.len()),
        (2, 0),
        "one message for each way; nobody carries e-mail here"
    );
    let letter = basket.taken.lock().unwrap()[0].clone();
    assert_eq!(letter.text.zh, "【一门政务服务】您的一件申请有了结果，请登录查看。");
    assert!(letter.text.en.starts_with("[Yimen] One of your applications"));
    let To::Phone(phone) = &letter.to else { panic!("to a telephone") };
    assert!(phone.len() == 11 && !letter.both().contains("http") && !letter.both().contains("王"));
    assert!(!format!("{letter:?}").contains(phone), "a number is printed nowhere");
    assert_eq!(written(&t, &who).await, [(Letter::Decided, "basket".to_owned())]);
});

both!(a_carrier_that_is_away_is_tried_again_and_holds_up_no_other, ROOMS, |t| async move {
    seed(&t).await;
    let (who, basket) = (session(&t, "citizen").await, Arc::new(Basket::default()));
    basket.away.store(true, Ordering::SeqCst);
    tell(&t, &who, Letter::Joined).await;
    tell(&t, &who, Letter::Recovered).await;
    let courier = courier(&t, Some(basket.clone()));
    let drained = courier.drain().await.unwrap();
    assert_eq!(
        (drained.delivered, drained.failed.len()),
        (2, 2),
        "each is a subject of its own: {drained:?}"
    );
    assert!(drained.failed.iter().all(|why| why.contains("nobody at home")), "{drained:?}");
    assert_eq!(store::outbox::counts(&t.store).await.unwrap(), (2, 0), "waiting, and seen by /metrics");
    assert!(written(&t, &who).await.is_empty());
    basket.away.store(false, Ordering::SeqCst);
    t.clock.advance_seconds(3_600);
    assert_eq!(courier.drain().await.unwrap().delivered, 2);
    assert_eq!(written(&t, &who).await.len(), 2);
    // What is older than a week says nothing any more.
    basket.away.store(true, Ordering::SeqCst);
    tell(&t, &who, Letter::WaysChanged).await;
    courier.drain().await.unwrap();
    basket.away.store(false, Ordering::SeqCst);
    let before = basket.asked.load(Ordering::SeqCst);
    t.clock.advance_seconds(8 * 86_400);
    assert_eq!(courier.drain().await.unwrap().delivered, 1);
    assert_eq!(basket.asked.load(Ordering::SeqCst), before);
});

both!(the_outbox_folder_holds_one_file_a_letter, ROOMS, |t| async move {
    seed(&t).await;
    let who = session(&t, "citizen").await;
    let folder = t.data.join("outbox");
    tell(&t, &who, Letter::RecoveryBegun).await;
    let courier = courier(&t, Some(Arc::new(OutboxFolder::new(&folder))));
    assert_eq!(courier.drain().await.unwrap().delivered, 2);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let text = std::fs::read_to_string(&files[0]).unwrap();
    assert!(text.starts_with("Local stand-in:") && text.contains("about: recovery-begun"), "{text}");
    assert!(text.contains("to: 1") && text.contains("****"), "the number is masked: {text}");
    assert!(text.contains("有人在窗口") && text.contains("Somebody asked at a window"));
    assert_eq!(written(&t, &who).await, [(Letter::RecoveryBegun, "outbox-folder".to_owned())]);
    // Without a carrier nobody is written to, and nothing waits.
    tell(&t, &who, Letter::Decided).await;
    let nobody = self::courier(&t, None);
    assert_eq!(nobody.drain().await.unwrap().delivered, 2);
    assert_eq!(store::outbox::counts(&t.store).await.unwrap(), (0, 0));
});

async fn person(t: &TestGround, name: &str) -> SubjectId {
    let sql = "SELECT id FROM identity_person WHERE name = $1";
    let row: Option<(PersonId,)> = t.store.row(sql, params![name]).await.unwrap();
    SubjectId::Person(row.unwrap().0)
}

async fn firm(t: &TestGround, name: &str) -> SubjectId {
    let sql = "SELECT id FROM identity_organisation WHERE name = $1";
    let row: Option<(OrganisationId,)> = t.store.row(sql, params![name]).await.unwrap();
    SubjectId::Organisation(row.unwrap().0)
}

/// Tells a subject; answers how many letters were carried.
async fn told(t: &TestGround, subject: SubjectId) -> usize {
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| async {
        letters::tell_subject(&mut cx, subject, Letter::Decided)?;
        kernel::Outcome::Ok(())
    }
    .await)
    .unwrap();
    let basket = Arc::new(Basket::default());
    let drained = courier(t, Some(basket.clone())).drain().await.unwrap();
    assert!(drained.failed.is_empty(), "{drained:?}");
    basket.asked.load(Ordering::SeqCst)
}

both!(what_concerns_somebody_reaches_those_who_can_read_it, ROOMS, |t| async move {
    seed(&t).await;
    let (citizen, agent) = (session(&t, "citizen").await, session(&t, "agent").await);
    let (manager, lawful) = (session(&t, "firm").await, session(&t, "agency").await);
    assert_eq!(told(&t, person(&t, "王秀英").await).await, 1);
    assert_eq!(written(&t, &citizen).await, [(Letter::Decided, "basket".to_owned())]);
    // Of two who manage the firm one has an account.
    assert_eq!(told(&t, firm(&t, "南京金陵旅行客运有限公司").await).await, 1);
    assert_eq!(written(&t, &manager).await.len(), 1);
    // An agent of the firm does not manage it, and those who act for it under a mandate are not written to either.
    assert_eq!(told(&t, firm(&t, "南京示范企业代办服务有限公司").await).await, 1);
    assert_eq!((written(&t, &lawful).await.len(), written(&t, &agent).await.len()), (1, 0));
    // Whoever has no account of their own is written to nowhere, and nothing waits: a child, a clerk, a firm of such people.
    assert_eq!(told(&t, person(&t, "周明").await).await, 0);
    let clerk = session(&t, "clerk").await;
    assert_eq!(told(&t, SubjectId::Person(clerk.person())).await, 0);
    assert!(written(&t, &clerk).await.is_empty());
    assert_eq!(store::outbox::counts(&t.store).await.unwrap(), (0, 0));
});

/// A post office with a carrier for each way.
fn both_ways(t: &TestGround, carrier: &Arc<Basket>, mail: &Arc<Basket>) -> Courier {
    let (carrier, mail): (Arc<dyn Carrier>, Arc<dyn Carrier>) = (carrier.clone(), mail.clone());
    let (site, hotline) = (Text::new("一门政务服务", "Yimen"), "12345".to_owned());
    let office = PostOffice { site, hotline, carrier: Some(carrier), mail: Some(mail) };
    letters::courier(Courier::new(t.ground.clone()), office)
}

const SECURITY: &str = "/account/security";

both!(an_address_is_written_to_after_its_code_came_back, ROOMS, |t| async move {
    seed(&t).await;
    let house = crate::common::house(&t, "http://127.0.0.1:8080", true);
    let app = crate::common::dressed(identity::routes(house.clone()), &house);
    let token = crate::common::token(&t, "citizen2").await;
    let mut b = crate::common::Browser::new(app).with_cookie("yimen_session", &token);
    let (sms, mail) = (Arc::new(Basket::default()), Arc::new(Basket::default()));
    let post = || async { both_ways(&t, &sms, &mail).drain().await.unwrap() };
    let wrong = b.submit(SECURITY, SECURITY, &[("do", "mail"), ("mail", "a@b.cn\nBcc: x@y.cn")]).await;
    assert!(wrong.status == 422 && wrong.html.contains("例如 name@example.cn"), "{}", wrong.html);
    b.submit(SECURITY, SECURITY, &[("do", "mail"), ("mail", "Chen@Example.CN")]).await;
    post().await;
    assert!(sms.taken.lock().unwrap().is_empty(), "a code for an address goes to the address");
    let first = mail.taken.lock().unwrap().pop().unwrap();
    assert!(first.to == To::Mail("Chen@example.cn".to_owned()) && first.to.masked() == "C***@example.cn");
    let code: String = first.text.zh.chars().filter(char::is_ascii_digit).take(8).collect();
    let page = b.get(SECURITY).await;
    assert!(page.html.contains("C***@example.cn") && !page.html.contains("Chen@"), "{}", page.html);
    let other = if code == "00000000" { "00000001" } else { "00000000" };
    let no = b.submit(SECURITY, SECURITY, &[("do", "mail-confirm"), ("mail_code", other)]).await;
    assert!(no.status == 422 && no.html.contains("验证码不对"), "{}", no.html);
    b.submit(SECURITY, SECURITY, &[("do", "mail-confirm"), ("mail_code", &code)]).await;
    assert!(b.get(SECURITY).await.html.contains("删除这个邮箱"));
    post().await;
    let who = session(&t, "citizen2").await;
    tell(&t, &who, Letter::Decided).await;
    post().await;
    let told = |basket: &Arc<Basket>| -> Vec<Letter> {
        basket.taken.lock().unwrap().iter().map(|letter| letter.about).collect()
    };
    assert_eq!(told(&sms), [Letter::WaysChanged, Letter::Decided], "the telephone too, each once");
    assert_eq!(told(&mail), [Letter::WaysChanged, Letter::Decided]);
    // One way is away: the other's letter is not sent again.
    mail.away.store(true, Ordering::SeqCst);
    tell(&t, &who, Letter::Asked).await;
    post().await;
    assert_eq!((told(&sms).len(), told(&mail).len()), (3, 2));
    b.submit(SECURITY, SECURITY, &[("do", "mail-remove")]).await;
    assert!(!b.get(SECURITY).await.html.contains("删除这个邮箱"));
});

both!(a_code_is_good_five_times_and_half_an_hour, ROOMS, |t| async move {
    seed(&t).await;
    let house = crate::common::house(&t, "http://127.0.0.1:8080", true);
    let app = crate::common::dressed(identity::routes(house.clone()), &house);
    let token = crate::common::token(&t, "citizen2").await;
    let mut b = crate::common::Browser::new(app).with_cookie("yimen_session", &token);
    let (sms, mail) = (Arc::new(Basket::default()), Arc::new(Basket::default()));
    b.submit(SECURITY, SECURITY, &[("do", "mail"), ("mail", "chen@example.cn")]).await;
    both_ways(&t, &sms, &mail).drain().await.unwrap();
    let letter = mail.taken.lock().unwrap().pop().unwrap();
    let code: String = letter.text.zh.chars().filter(char::is_ascii_digit).take(8).collect();
    for _ in 0..5 {
        b.submit(SECURITY, SECURITY, &[("do", "mail-confirm"), ("mail_code", "1")]).await;
    }
    let spent = b.submit(SECURITY, SECURITY, &[("do", "mail-confirm"), ("mail_code", &code)]).await;
    assert!(spent.status == 422 && spent.html.contains("已经失效"), "{}", spent.html);
    b.submit(SECURITY, SECURITY, &[("do", "mail"), ("mail", "chen@example.cn")]).await;
    both_ways(&t, &sms, &mail).drain().await.unwrap();
    let letter = mail.taken.lock().unwrap().pop().unwrap();
    let code: String = letter.text.zh.chars().filter(char::is_ascii_digit).take(8).collect();
    t.clock.advance_seconds(31 * 60);
    let proven = [("do", "mail-confirm"), ("mail_code", code.as_str()), ("confirm", crate::common::PASSWORD)];
    let late = b.submit(SECURITY, SECURITY, &proven).await;
    assert!(late.status == 422 && late.html.contains("已经失效"), "{}", late.html);
});
