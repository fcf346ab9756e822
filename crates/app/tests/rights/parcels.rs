//! Of each owner: an address, a parcel that waits to be packed, a hand-over list and a bag of the window that deals with them.

use crate::city::City;
use crate::owner::Owner;
use crate::plant::Plan;
use crate::somebody::Somebody;
use delivery::model::{CaseOf, Told};
use delivery::verbs::{self, Choice, Typed};
use delivery::{Matter, bag};
use identity::Applicant;
use kernel::{AgencyCode, Lang, Text};
use store::command;

/// Plants them.
pub async fn plant(city: &City, plan: &Plan, me: &Applicant, own: &mut Owner) {
    let (ground, room) = (&city.wired.house.ground, &city.wired.deliveries);
    let told = Told {
        street: "示范路8号".to_owned(),
        recipient: "收件人".to_owned(),
        phone: "13900000099".to_owned(),
    };
    let typed = Typed { division: "320102".to_owned(), told, usual: true };
    let address = command!(ground, Lang::ZhCn, me.actor_ref(), |cx| {
        verbs::put(&mut cx, me.subject(), None, &typed).await
    });
    let address = address.unwrap();
    let case = own.get("case").to_owned();
    let matter = Matter {
        id: format!("test:{}", plan.key),
        title: Text::new("不动产登记", "Registration"),
        recipient: me.subject(),
        recipient_name: me.subject_name().to_owned(),
        agency: AgencyCode::parse("nanjing.tax").unwrap(),
        cases: vec![CaseOf { number: case.clone(), over: false }],
        letters: Vec::new(),
        papers: Vec::new(),
    };
    let choice = Choice { how: "courier".to_owned(), address: address.to_string(), place: String::new() };
    let parcel = command!(ground, Lang::ZhCn, me.actor_ref(), |cx| {
        verbs::start(&mut cx, room, me, &matter, &choice).await
    });
    let window = Somebody::browser(city, "housing-window").await;
    let staff = identity::session(ground, &window.session).await.unwrap().unwrap().staff().unwrap();
    let list = command!(ground, Lang::ZhCn, staff.actor_ref(), |cx| verbs::open(&mut cx, room, &staff).await);
    let seal = (format!("FQ-{}", plan.key), format!("{case}, 合同"));
    let bag = command!(ground, Lang::ZhCn, staff.actor_ref(), |cx| {
        bag::seal(&mut cx, &staff, "nanjing.tax", (&seal.0, &seal.1)).await
    });
    own.id("address", address);
    own.id("parcel", parcel.unwrap());
    own.id("handover", list.unwrap());
    own.id("bag", bag.unwrap());
}
