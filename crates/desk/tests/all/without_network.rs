//! A day without network: numbers issued on Monday, nobody reaches the server on Tuesday, everything recorded on Wednesday is true.

use crate::common::{ALLOWANCE, ROOMS, Town};
use crate::window::{send, take};
use cases::{MatterFiling, Scope};
use harness::Browser;
use kernel::codes::{CaseNumber, PaperNumber};
use kernel::{Lang, Timestamp};
use serde_json::json;
use std::collections::BTreeSet;

const HALLS: &str = include_str!("../../../../packs/demo/halls.csv");
const HALL: &str = "nanjing-public";
const ELDERS: [(&str, &str); 2] = [("999999194306101151", "440604012"), ("999999193602081269", "440604010")];
/// When it was accepted on paper, as it is written by hand in Beijing.
const RECEIVED: &str = "2026-11-24T10:15";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What the form of an allowance asks, with what stands on the paper.
fn fields(town: &'static str, evidence: &str) -> Vec<(&'static str, String)> {
    [
        ("town", town),
        ("address", "示范巷3号"),
        ("bank", "示范银行"),
        ("other", "no"),
        ("card", "6200009999990000041"),
        ("consent", "yes"),
        ("phone", "13900000035"),
        ("late_at", RECEIVED),
        ("late_reason", "断网期间窗口纸质受理，网络恢复后补录"),
        ("late_evidence", evidence),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// Somebody's paper is recorded up to the form; where that is.
async fn begun(clerk: &mut Browser, person: &str, number: &str) -> String {
    let said = [("citizen_id", person), ("paper_form", number), ("paper_at", RECEIVED)];
    let found = clerk.submit("/desk/window", "/desk/window", &said).await;
    assert!(found.status.is_redirection(), "{}", found.html);
    take(clerk, &found.to, &format!("item:{ALLOWANCE}")).await
}

async fn hand_in(
    clerk: &mut Browser,
    form: &str,
    fields: &[(&'static str, String)],
) -> harness::browser::Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    send(clerk, form, &fields, &[]).await
}

/// The numbers of the block and their query codes.
async fn forms(town: &Town, head: &mut Browser) -> (String, Vec<String>) {
    let agency = kernel::AgencyCode::parse("nanjing.gov.hall").unwrap();
    let staff = identity::colleagues(&town.t.store, &agency).await.unwrap();
    let keeper = staff[0].account.to_string();
    let page = format!("/desk/hall/paper?hall={HALL}");
    let asked = [
        ("hall", HALL),
        ("for", "day"),
        ("day", "2026-11-24"),
        ("keeper", &keeper),
        ("forms", "3"),
        ("slips.A", "2"),
    ];
    let made = head.submit(&page, "/desk/hall/paper", &asked).await;
    assert!(made.status.is_redirection(), "{}", made.html);
    let print = head.submit(&made.to, &made.to, &[("act", "print")]).await;
    let sheets = head.get(&print.to).await;
    let mut numbers: Vec<String> = sheets
        .html
        .split("aria-label=\"YJ")
        .skip(1)
        .map(|rest| format!("YJ{}", rest.split(['"', ' ']).next().unwrap()))
        .collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 3, "{}", sheets.html);
    for number in &numbers {
        let code = hall::verbs::paper::form_code(&town.t.store, &number.parse::<PaperNumber>().unwrap());
        assert!(sheets.html.contains(&code), "the code of {number} stands on it");
    }
    (made.to, numbers)
}

/// How a paper stands for whoever holds it.
async fn asked(town: &Town, number: &str) -> String {
    let code = hall::verbs::paper::form_code(&town.t.store, &number.parse::<PaperNumber>().unwrap());
    let mut anybody = town.browser("citizen").await;
    let typed = number.to_lowercase();
    let seen = anybody.submit("/query", "/query", &[("number", typed.as_str()), ("code", &code)]).await;
    assert!(seen.status.is_success(), "{}", seen.html);
    seen.html
}

/// Another hall goes on on line that day: what it files, and when that is due.
async fn elsewhere(town: &Town) -> (CaseNumber, Option<Timestamp>) {
    let clerk = town.session("clerk2").await.clerk().unwrap();
    let (person, place) = ELDERS[1];
    let answers = json!({"town": place, "address": "示范巷", "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000035"});
    let filing = MatterFiling {
        key: "online".to_owned(),
        items: vec![ALLOWANCE.to_owned()],
        answers: serde_json::from_value(answers).unwrap(),
        ..MatterFiling::default()
    };
    let filed = cases::file_at_window(&town.house, &town.sources, Lang::ZhCn, &clerk, person, filing, None)
        .await
        .unwrap();
    let number = filed.cases[0].number.clone();
    let row = cases::progress(&town.t.store, &number, &Scope::program()).await.unwrap();
    (number, row.due_at)
}

harness::both!(a_day_without_network_is_recorded_as_it_was, ROOMS, |t| async move {
    let town = Town::new(t).await;
    assert!(hall::import(&town.t.ground, HALLS, false).await.unwrap().bad.is_empty());
    let (block, numbers) = forms(&town, &mut town.browser("supervisor").await).await;

    // Tuesday: nobody of the hall reaches the server. Its clock and its sweeps go on, and another hall files on line.
    town.t.clock.set(at("2026-11-24T02:15:00Z"));
    let (other, due) = elsewhere(&town).await;
    for hour in
        ["2026-11-24T06:00:00Z", "2026-11-24T20:30:00Z", "2026-11-25T00:30:00Z", "2026-11-25T00:40:00Z"]
    {
        town.t.clock.set(at(hour));
        hall::verbs::sweep(&town.t.ground, &hall::Settings::default()).await.unwrap();
        town.settle().await;
    }

    // Wednesday: whoever holds the paper is told that it counts, before anybody has entered it.
    town.t.clock.set(at("2026-11-25T01:30:00Z"));
    assert!(asked(&town, &numbers[0]).await.contains("已收下您的材料，还没有录入系统"));
    let mut guess = town.browser("citizen").await;
    let wrong =
        guess.submit("/query", "/query", &[("number", numbers[0].as_str()), ("code", "0000-0000")]).await;
    assert!(wrong.status.as_u16() == 422 && !wrong.html.contains("已收下"), "{}", wrong.html);

    let mut clerk = town.browser("clerk").await;
    let sheet = clerk.get(&block).await;
    assert!(sheet.html.contains(&format!("/desk/window?paper={}", numbers[0])), "{}", sheet.html);
    let start = clerk.get(&format!("/desk/window?paper={}", numbers[0])).await;
    assert!(start.html.contains(&format!("value=\"{}\"", numbers[0])), "{}", start.html);
    let misread = numbers[0].replace("0000", "0010");
    for (number, when, said) in [
        (misread.as_str(), RECEIVED, "校验码不对"),
        (numbers[0].as_str(), "", "收件的日期和时间"),
        (numbers[0].as_str(), "2026-11-25T09:00", "只在2026-11-24使用"),
    ] {
        let fields = [("citizen_id", ELDERS[0].0), ("paper_form", number), ("paper_at", when)];
        let no = clerk.submit("/desk/window", "/desk/window", &fields).await;
        assert!(no.status.as_u16() == 422 && no.html.contains(said), "{said}: {}", no.html);
    }
    // Two windows record the same form at the same moment, and so by mistake twice for the same person.
    let scanned = format!("http://localhost/query?number={}&code=X", numbers[0]);
    let one = begun(&mut clerk, ELDERS[0].0, &scanned).await;
    let shown = clerk.get(&one).await;
    for text in [RECEIVED, "断网期间窗口纸质受理", numbers[0].as_str(), "正在补录应急受理单"]
    {
        assert!(shown.html.contains(text), "{text} is filled in: {}", shown.html);
    }
    let emptied: Vec<_> =
        fields(ELDERS[0].1, "").into_iter().filter(|(name, _)| !name.starts_with("late_")).collect();
    let no = hand_in(&mut clerk, &one, &emptied).await;
    assert!(no.status.as_u16() == 422 && no.html.contains("f-late-at-error"), "{}", no.html);
    let mut second = town.browser("clerk").await;
    let two = begun(&mut second, ELDERS[0].0, &numbers[0]).await;
    let same = fields(ELDERS[0].1, "受理单第二联");
    let (mine, yours) = tokio::join!(hand_in(&mut clerk, &one, &same), hand_in(&mut second, &two, &same));
    let (won, lost) = if mine.status.is_redirection() { (mine, yours) } else { (yours, mine) };
    assert!(won.status.is_redirection(), "{}", won.html);
    assert!(lost.status.as_u16() == 422 && lost.html.contains("已经补录过了"), "{}", lost.html);
    assert!(lost.html.contains("示范巷3号"), "what was typed stays");

    // The paper leads to the case; the term counts from the moment on the paper, as that of the other hall from its own.
    let receipt = clerk.get(&won.to).await;
    assert!(receipt.html.contains(&numbers[0]), "{}", receipt.html);
    let found = asked(&town, &numbers[0]).await;
    let sheet = clerk.get(&block).await.html;
    let number: CaseNumber =
        sheet.split("href=\"/desk/cases/").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert!(found.contains(number.as_str()) && found.contains("高龄"), "{found}");
    let row = cases::progress(&town.t.store, &number, &Scope::program()).await.unwrap();
    assert_eq!((row.filed_at, row.due_at), (at("2026-11-24T02:15:00Z"), due));
    let unlike: BTreeSet<String> =
        [number.to_string(), other.to_string()].into_iter().chain(numbers.clone()).collect();
    assert_eq!(unlike.len(), 2 + numbers.len(), "no number is met twice, on line or on paper");
    let view = cases::view(&town.t.store, &number, &Scope::program()).await.unwrap();
    assert_eq!(view.events[0].occurred_at, at("2026-11-24T02:15:00Z"));
    // Recorded again at another window: told at once, before anything is typed.
    let again = [("citizen_id", ELDERS[0].0), ("paper_form", numbers[0].as_str()), ("paper_at", RECEIVED)];
    let told = clerk.submit("/desk/window", "/desk/window", &again).await;
    assert!(told.status.as_u16() == 422 && told.html.contains("已经补录过了"), "{}", told.html);
    assert!(told.html.contains(number.as_str()), "and as which case: {}", told.html);

    // The slip of the day: served at its true time, in the report of a day that nobody could report on.
    let line = [
        ("act", "slips"),
        ("how.YA001", "filed"),
        ("time.YA001", "10:15"),
        ("window.YA001", "1"),
        ("what.YA001", numbers[0].as_str()),
    ];
    let saved = clerk.submit(&block, &block, &line).await;
    assert!(saved.status.is_redirection(), "{}", saved.html);
    let mut head = town.browser("supervisor").await;
    let day = head.get(&format!("/desk/hall/report?hall={HALL}&day=2026-11-24")).await;
    assert!(day.html.contains("纸质号1人、办结1人") && day.html.contains("受理单收件1件"), "{}", day.html);
    // What is left is counted, given back, and void: nothing is lost, and whoever holds such a paper is told what to do.
    assert!(head.get(&format!("/desk/hall/day?hall={HALL}")).await.html.contains("还有3个没有补录"));
    let unsure = head.submit(&block, &block, &[("act", "return")]).await;
    assert!(unsure.status.as_u16() == 422 && unsure.html.contains("还有3个号没有登记"), "{}", unsure.html);
    let back = [("act", "return"), ("return_sure", "yes"), ("return_why", "没有使用")];
    assert!(head.submit(&block, &block, &back).await.status.is_redirection());
    assert!(asked(&town, &numbers[1]).await.contains("登记为没有使用"));
    town.replay().await;
});
