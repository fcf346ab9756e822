//! What stands above the inbox to choose from. On both databases.

use crate::common::{ROOMS, Town};

harness::both!(what_waits_is_offered_whatever_the_filter_left, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let mut browser = town.browser("examiner").await;
    for page in ["/desk", "/desk?urgency=overdue", "/desk?text=nobody", "/desk?item=elderly-allowance"] {
        let inbox = browser.get(page).await;
        assert!(inbox.html.contains("value=\"charter-bus-sticker\">"), "{page}: {}", inbox.html);
    }
    assert!(browser.get("/desk?urgency=overdue").await.html.contains("<option value=\"approve\">"));
    // What is chosen stays chosen, by its name, when nothing waits of it.
    let gone = browser.get("/desk?item=elderly-allowance&step=visit").await;
    assert!(gone.html.contains("value=\"elderly-allowance\" selected>高龄"), "{}", gone.html);
    assert!(gone.html.contains("<option value=\"visit\" selected>"), "{}", gone.html);
    assert!(!gone.html.contains("<option value=\"approve\">"), "only the steps of the chosen item");
    let rest = browser.get("/desk?item=charter-bus-sticker&step=approve").await;
    assert!(rest.html.contains(&filed.number.to_string()), "{}", rest.html);
    assert!(!rest.html.contains("name=\"unit\""), "an agency without parts");
});

harness::both!(what_lies_with_a_part_is_read_and_not_done, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let part = "nanjing.housing.market";
    let mut bureau = town.browser("housing-clerk").await;
    let own = bureau.get("/desk").await;
    assert!(own.html.contains("name=\"unit\"") && own.html.contains(&format!("value=\"{part}\"")));
    assert!(!own.html.contains("只能查看"));
    let read = bureau.get(&format!("/desk?unit={part}")).await;
    assert!(read.html.contains("只能查看"), "{}", read.html);
    let counts = read.html.matches(&format!("unit={part}")).count();
    assert!(counts >= 5, "the counts are the part's: {}", read.html);
    assert!(!read.html.contains("value=\"claim\""), "{}", read.html);
    assert!(bureau.get(&format!("/desk/file?unit={part}")).await.status.is_success());
    // Another agency's is no choice: the page shows one's own, and no file leaves.
    let other = "nanjing.transport.passenger";
    let page = bureau.get(&format!("/desk?unit={other}&col=number")).await;
    assert!(page.status.is_success() && !page.html.contains(&filed.number.to_string()), "{}", page.html);
    assert_eq!(bureau.get(&format!("/desk/file?unit={other}")).await.status.as_u16(), 404);
});
