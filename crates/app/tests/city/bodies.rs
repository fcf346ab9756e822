//! Bodies that the API can read, so that only the right decides what becomes of an act.
#![allow(dead_code, reason = "tests only; each test file uses its part")]

use serde_json::{Value, json};

/// Of the right shape, and of nobody.
pub const NOBODYS_ID: &str = "01890000-0000-7000-8000-000000000001";

/// A body that the operation can read, so that only the right decides.
pub fn body_for(path: &str) -> Value {
    match path {
        "/api/v1/cases" => json!({"item": "charter-bus-sticker", "answers": {}}),
        "/api/v1/plans" => json!({"items": ["charter-bus-sticker"]}),
        "/api/v1/matters" => json!({"items": ["charter-bus-sticker", "home-purchase-proof"], "answers": {}}),
        path if path.ends_with("/tickets") => json!({"letter": "A"}),
        "/api/v1/appointments" => {
            json!({"item": "charter-bus-sticker", "hall": "nanjing-public", "starts_at": "2026-11-20T02:00:00Z"})
        }
        path if path.ends_with("/move") => json!({"starts_at": "2026-11-20T02:00:00Z"}),
        path if path.ends_with("/messages") => json!({"text": "?"}),
        "/api/v1/addresses" => json!({"division": "?", "street": "?", "recipient": "?", "phone": "?"}),
        path if path.ends_with("/choice") => json!({"how": "electronic"}),
        path if path.ends_with("/rating") => json!({"level": 1}),
        path if path.ends_with("/outcome") => json!({"outcome": "approve"}),
        _ => json!({}),
    }
}

/// A body with which each act of staff can be read.
pub fn staff_body(verb: &str) -> Value {
    match verb {
        "precheck" => json!({"ok": true}),
        "hand_over" => json!({"to": NOBODYS_ID}),
        "send_back" => json!({"to_step": "qualify"}),
        "suspend" => json!({"kind": "testing", "reason": "?", "expected": "1wd"}),
        "record_visit" => {
            json!({"visit": {"at": "2026-11-20T02:00:00Z", "place": "?", "officers": ["a", "b"], "record": "?"}})
        }
        "set_hearing" => json!({"at": "2027-11-20T02:00:00Z", "place": "?", "chair": NOBODYS_ID}),
        "record_hearing" => json!({"record": "?"}),
        "find_interested" => json!({"name": "?", "interest": "?"}),
        "tell_interested" => json!({"who": "interested-1", "served": "2026-11-20T02:00:00Z", "proof": "?"}),
        "answer_of_interested" => json!({"who": "interested-1", "asks": true, "proof": "?"}),
        "forward" => json!({"to": "?", "reason": "?"}),
        "revoke" => json!({"ground": "?"}),
        "serve" => json!({"way": {"way": "electronic"}}),
        "open_remedy" => json!({"kind": "suit", "body": "?", "ground": "?"}),
        "end_remedy" => json!({"remedy": NOBODYS_ID, "outcome": "upheld", "text": "?"}),
        "confirm_party" => json!({"role": "applicant", "citizen_id": "?", "ground": "?"}),
        "for_party" => json!({"citizen_id": "?", "act": {"verb": "withdraw"}, "ground": "?"}),
        "object" => json!({"step": "public", "reason": "?", "name": "?"}),
        "confirm_paper" => json!({"demand": "contract", "original": "look"}),
        "settle_dispute" => json!({"path": "vehicle.seats", "upheld": true, "text": "?"}),
        "check_declaration" => json!({"ok": true, "text": "?"}),
        "take_back" => json!({"step": "qualify", "reason": "?"}),
        "order_hearing" => json!({"reason": "?"}),
        "review" => json!({"text": "?"}),
        "stop_benefit" => json!({"why": "death", "text": "?"}),
        "halt_party" => {
            json!({"party": {"kind": "person", "id": NOBODYS_ID}, "cause": "death", "text": "?"})
        }
        "end_halt" => {
            json!({"party": {"kind": "person", "id": NOBODYS_ID}, "how": "goes_on", "text": "?"})
        }
        _ => json!({}),
    }
}

/// A body with which each act of an applicant can be read.
pub fn applicant_body(verb: &str) -> Value {
    match verb {
        "dispute" => json!({"path": "vehicle.seats", "claim": "?"}),
        "keep_promise" => json!({"materials": [{"demand": "?", "file": NOBODYS_ID}]}),
        "object" => json!({"step": "approve", "reason": "?"}),
        _ => json!({}),
    }
}
