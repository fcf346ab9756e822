//! Letters to whoever keeps no address book: to the address they were registered with at a window.

use crate::town::{CASE, HALL, ROOMS, Town, paper, session};
use delivery::stand_in::Mood;
use delivery::verbs;
use delivery::{How, Matter, State};
use identity::{NewPerson, Shown, Staff};
use kernel::{ActorRef, AgencyCode, Lang, Outcome, PersonId, SubjectId, Text};
use store::command;

/// Registered by the clerk, who saw the card; she lives there, as far as anybody knows.
async fn registered(town: &Town, number: &str, address: &str) -> PersonId {
    let Staff::Clerk(clerk) = &town.clerk else { panic!("no clerk") };
    let done: Outcome<PersonId> = command!(town.t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| async {
        let new = NewPerson {
            name: "周桂香".to_owned(),
            number: number.parse().unwrap(),
            address: address.to_owned(),
            phone: String::new(),
        };
        let shown = Shown::Document { document: "居民身份证".to_owned() };
        identity::register_at_window(&mut cx, clerk, new, shown).await
    }
    .await);
    done.unwrap()
}

/// Something is asked of her, twice the same picture; what became of the letter.
async fn written_to(town: &Town, matter: &str, person: PersonId) -> delivery::Parcel {
    let matter = Matter {
        id: matter.to_owned(),
        title: Text::new("高龄津贴", "Allowance"),
        recipient: SubjectId::Person(person),
        recipient_name: "周桂香".to_owned(),
        agency: AgencyCode::parse(HALL).unwrap(),
        cases: vec![delivery::model::CaseOf { number: CASE.to_owned(), over: false }],
        papers: Vec::new(),
        letters: vec![paper("补正1号", true)],
    };
    for _ in 0..2 {
        let done: Outcome<()> = command!(town.t.ground, Lang::ZhCn, ActorRef::system(), |cx| {
            verbs::letters(&mut cx, &town.room, &matter).await
        });
        done.unwrap();
    }
    let all = verbs::of_matter(&town.t.store, clerk(town), &matter.id).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].letter);
    town.parcel(all[0].id).await
}

fn clerk(town: &Town) -> &identity::Clerk {
    let Staff::Clerk(clerk) = &town.clerk else { panic!("no clerk") };
    clerk
}

/// Whether somebody was told that her address was opened, and for what.
async fn opened(town: &Town, person: PersonId) -> Vec<(String, Option<String>)> {
    let looks = trace::looks_of(&town.t.store, person, None, 50).await.unwrap();
    let address = looks.into_iter().filter(|l| l.fields == ["person.address"]);
    address.map(|l| (l.purpose.ground, l.purpose.case)).collect()
}

harness::both!(a_letter_goes_to_the_address_of_the_registration, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    // The card begins with the city, as cards do; with the province as well.
    for (n, (number, address)) in [
        ("999999195001010026", "南京市玄武区示范路9号3幢1204室"),
        ("999999195001010042", "江苏省南京市玄武区 示范路9号"),
    ]
    .into_iter()
    .enumerate()
    {
        let person = registered(&town, number, address).await;
        let parcel = written_to(&town, &format!("m{n}"), person).await;
        assert!(matches!(parcel.how, How::Courier { .. }), "{address}: {parcel:?}");
        assert_eq!(parcel.state(), State::Ready);
        assert_eq!(opened(&town, person).await, [("deliver".to_owned(), Some(CASE.to_owned()))]);
        let id = verbs::of_matter(&town.t.store, clerk(&town), &parcel.begun.matter).await.unwrap()[0].id;
        let label = verbs::label(&town.room, &parcel).await.unwrap().unwrap();
        assert!(label.place.ends_with("玄武区"), "{}", label.place);
        assert!(label.told.street.starts_with("示范路9号") && label.told.recipient == "周桂香");
        // And it is on its way.
        town.pack(id, &["补正1号"]).await.unwrap();
        let list = town.list().await;
        let scanned =
            verbs::scan(&town.room, Lang::ZhCn, &town.clerk, list, &parcel.begun.number).await.unwrap();
        assert!(scanned.iter().all(|s| s.no.is_none()), "{scanned:?}");
        town.close(list, "李师傅").await.unwrap();
        assert_eq!(town.parcel(id).await.state(), State::HandedOver);
    }
});

harness::both!(what_a_courier_could_not_find_waits_at_the_window, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    for (n, (number, address)) in [
        ("999999195001010026", ""),
        // Whose county of that name, and which street?
        ("999999195001010042", "玄武区示范路9号"),
        ("999999195001010069", "南京市示范路9号"),
        ("999999195001010085", "南京市玄武区"),
        ("999999195001010106", "示范路9号3幢1204室"),
    ]
    .into_iter()
    .enumerate()
    {
        let person = registered(&town, number, address).await;
        let parcel = written_to(&town, &format!("m{n}"), person).await;
        assert_eq!(parcel.how, How::Electronic, "{address}");
    }
});

harness::both!(an_address_under_protection_is_not_opened_for_a_letter, ROOMS, |t| async move {
    use identity::protection::{Command, Ground, Typed};
    let town = Town::new(t, Mood::KIND, 0).await;
    let number = "999999195001010026";
    let person = registered(&town, number, "南京市玄武区示范路9号3幢1204室").await;
    let wanted = Typed {
        number: number.to_owned(),
        with: String::new(),
        ground: Ground::Sensitive,
        paper: "x".to_owned(),
        until: "2026-11-30".parse().unwrap(),
    };
    let asked = command!(town.t.ground, Lang::ZhCn, clerk(&town).actor_ref(), |cx| {
        identity::protection::ask_protection(&mut cx, clerk(&town), &wanted).await
    })
    .unwrap();
    let Staff::Clerk(head) = session(&town.t, "hall-head").await.staff().unwrap() else { panic!("no clerk") };
    command!(town.t.ground, Lang::ZhCn, head.actor_ref(), |cx| {
        identity::protection::decide_protection(&mut cx, &head, asked, &Command::Decide { agree: true }).await
    })
    .unwrap();
    assert_eq!(written_to(&town, "m", person).await.how, How::Electronic);
    assert!(opened(&town, person).await.is_empty());
});
