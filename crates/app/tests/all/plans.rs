//! Plans by the API: for everybody, for somebody, and refused in words.

use crate::city::City;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

async fn plan(city: &City, token: Option<&str>, body: Value) -> (StatusCode, Value) {
    city.call("POST", "/api/v1/plans", token, Some(&body)).await
}

in_both_cities!(a_theme_is_planned_for_everybody, |city| {
    let (status, today) =
        plan(&city, None, json!({"theme": "stock-house", "situations": {"mortgage": "no"}})).await;
    assert_eq!(status, StatusCode::OK, "{today}");
    assert_eq!(today["sharing"], "today");
    for key in
        ["papers_before", "papers_after", "fields_before", "fields_after", "days_serial", "days_critical"]
    {
        assert!(today[key].as_u64().is_some_and(|n| n > 0), "{key}: {}", today[key]);
    }
    let (_, then) = plan(&city, None, json!({"theme": "stock-house", "sharing": "2016"})).await;
    assert!(then["papers_after"].as_u64() >= today["papers_after"].as_u64());
    for paper in today["plan"]["papers"].as_array().unwrap() {
        assert!(paper["why"]["zh-CN"].is_string() && paper["how"].is_string(), "{paper}");
    }
});

in_both_cities!(what_is_known_of_somebody_is_not_asked, |city| {
    let items = json!({"items": ["birth-registration"]});
    let (status, nobody) = plan(&city, None, items).await;
    assert_eq!(status, StatusCode::OK, "{nobody}");
    let mine = json!({"items": ["birth-registration"], "applicant": "me"});
    let (status, answer) = plan(&city, None, mine.clone()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{answer}");
    let token = city.token("citizen").await;
    let (status, somebody) = plan(&city, Some(&token), mine).await;
    assert_eq!(status, StatusCode::OK, "{somebody}");
    let asked = |plan: &Value| {
        plan["plan"]["fields"].as_array().unwrap().iter().filter(|f| f["how"] == "asked").count()
    };
    assert!(asked(&somebody) < asked(&nobody), "the name is known");
});

in_both_cities!(a_plan_that_cannot_be_made_is_refused_in_both_languages, |city| {
    for (body, status, field) in [
        (json!({}), 422, "items"),
        (json!({"theme": "stock-house", "items": ["charter-bus-sticker"]}), 422, "items"),
        (json!({"theme": "no-such"}), 404, "theme"),
        (json!({"items": ["charter-bus-sticker", "no-such"]}), 404, "items[1]"),
        (json!({"theme": "stock-house", "sharing": "2099"}), 422, "sharing"),
        (json!({"theme": "stock-house", "situations": {"weather": "fine"}}), 422, "situations.weather"),
        (json!({"theme": "stock-house", "situations": {"mortgage": "perhaps"}}), 422, "situations.mortgage"),
        (json!({"items": ["charter-bus-sticker"], "applicant": "you"}), 422, "applicant"),
        (json!({"items": vec!["x"; 101]}), 422, "items"),
    ] {
        let mut titles = Vec::new();
        for lang in ["zh-CN", "en"] {
            let request = Request::post("/api/v1/plans")
                .header("content-type", "application/json")
                .header(header::ACCEPT_LANGUAGE, lang)
                .body(body.to_string().into())
                .unwrap();
            let (head, bytes) = city.send(request).await;
            let answer: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(head.status().as_u16(), status, "{body}: {answer}");
            assert_eq!(answer["fields"][0]["field"], field, "{body}: {answer}");
            titles.push(answer["fields"][0]["message"].as_str().unwrap().to_owned());
        }
        assert_ne!(titles[0], titles[1], "{body}");
    }
});
