//! A whole life of a case in the synthetic city, over the API alone: filed, accepted, examined, decided, certificate issued.

use crate::door::{self, Ask, Door, Pass, Trouble};
use futures::future::try_join_all;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Who takes which step of the synthetic city's items.
const HANDS: [(&str, &str); 9] = [
    ("intake", "clerk"),
    ("planning", "examiner1"),
    ("fire", "examiner2"),
    ("water", "examiner3"),
    ("health", "examiner4"),
    ("green", "examiner5"),
    ("police", "examiner6"),
    ("look", "examiner2"),
    ("decide", "decider"),
];

/// Everybody who has a hand in a life.
#[derive(Clone)]
pub struct Crew {
    /// Whoever applies.
    pub firm: Pass,
    hands: BTreeMap<&'static str, Pass>,
}

impl Crew {
    /// Signs everybody in.
    ///
    /// # Errors
    /// When an account is refused.
    pub async fn sign_in<D: Door>(door: &mut D) -> Result<Self, Trouble> {
        let mut accounts: BTreeMap<&str, Pass> = BTreeMap::new();
        let mut hands = BTreeMap::new();
        for (step, account) in HANDS {
            if !accounts.contains_key(account) {
                accounts.insert(account, door::sign_in(door, account).await?);
            }
            hands.extend(accounts.get(account).map(|pass| (step, pass.clone())));
        }
        Ok(Self { firm: door::sign_in(door, "firm").await?, hands })
    }

    /// Whoever takes this step.
    ///
    /// # Errors
    /// When nobody does.
    pub fn hand(&self, step: &str) -> Result<&Pass, Trouble> {
        self.hands.get(step).ok_or_else(|| format!("nobody takes the step {step}").into())
    }
}

/// What a life came to.
#[derive(Debug, Default)]
pub struct Life {
    /// The case's number.
    pub number: String,
    /// How long each act took, in microseconds: the filing, then each outcome.
    pub acts: Vec<u64>,
    /// How often an act was told that others were faster, and was sent again.
    pub again: usize,
}

/// Lives one life of `item`. Tasks that are open at the same time are done at the same time, as many as there are `doors`.
/// Ends early once one of the steps in `stop` is open.
///
/// # Errors
/// When any act is refused, or no certificate comes of it.
pub async fn live<D: Door>(
    doors: &mut [D],
    crew: &Crew,
    item: &str,
    key: &str,
    stop: &[&str],
) -> Result<Life, Trouble> {
    let mut life = Life::default();
    let first = doors.first_mut().ok_or("a life needs a way in")?;
    let begun = Instant::now();
    let ask = Ask::json("/api/v1/cases", &application(item)).by(&crew.firm).keyed(key);
    let filed = first.ask(ask).await?.json()?;
    life.acts.push(micros(begun));
    life.number = filed["number"].as_str().ok_or("no number in the answer to a filing")?.to_owned();
    let mut rounds = 0;
    loop {
        let first = doors.first_mut().ok_or("a life needs a way in")?;
        let case = look(first, crew, &life.number).await?;
        let open = open_tasks(&case);
        if open.is_empty() && certified(&case) {
            return Ok(life);
        }
        if !stop.is_empty() && open.iter().any(|(step, _)| stop.contains(&step.as_str())) {
            return Ok(life);
        }
        rounds += 1;
        if rounds > 60 {
            return Err(format!("the case {} does not end: {case}", life.number).into());
        }
        if open.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for together in open.chunks(doors.len()) {
            let acts =
                doors.iter_mut().zip(together).map(|(door, (step, task))| do_task(door, crew, step, task));
            for (times, again) in try_join_all(acts).await? {
                life.acts.extend(times);
                life.again += again;
            }
        }
    }
}

/// What is filed.
fn application(item: &str) -> Value {
    json!({"item": item, "answers": {
        "address": "合成市合成路18号一层",
        "use": "餐饮服务，建筑面积二百平方米，层高三米六，设独立厨房和油烟净化设施",
        "promise": true
    }})
}

/// The case as whoever decides it sees it.
async fn look<D: Door>(door: &mut D, crew: &Crew, number: &str) -> Result<Value, Trouble> {
    door.ask(Ask::get(format!("/api/v1/cases/{number}")).by(crew.hand("decide")?)).await?.json()
}

fn certified(case: &Value) -> bool {
    case["certificates"].as_array().is_some_and(|c| !c.is_empty())
}

/// The open tasks with their steps; a step may have several.
fn open_tasks(case: &Value) -> Vec<(String, String)> {
    let mut open = Vec::new();
    for step in case["steps"].as_array().into_iter().flatten() {
        let state = &step["state"];
        if state == "open" || state["state"] == "open" {
            let mut tasks = Vec::new();
            collect(step, &mut tasks);
            let id = step["id"].as_str().unwrap_or_default();
            open.extend(tasks.into_iter().map(|task| (id.to_owned(), task)));
        }
    }
    open
}

/// Every `task` in it, however deep.
fn collect(value: &Value, tasks: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(task) if key == "task" => tasks.push(task.clone()),
                    _ => collect(value, tasks),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, tasks)),
        _ => {}
    }
}

/// Does one task: the window accepts first.
async fn do_task<D: Door>(
    door: &mut D,
    crew: &Crew,
    step: &str,
    task: &str,
) -> Result<(Vec<u64>, usize), Trouble> {
    let pass = crew.hand(step)?;
    let (mut times, mut again) = (Vec::new(), 0);
    let words: &[&str] = if step == "intake" { &["accept", "approve"] } else { &["approve"] };
    for word in words {
        let ask = || Ask::json(format!("/api/v1/tasks/{task}/outcome"), &json!({"outcome": word})).by(pass);
        let begun = Instant::now();
        loop {
            let reply = door.ask(ask()).await?;
            if reply.status == StatusCode::CONFLICT && reply.text().contains("\"busy\"") && again < 100 {
                again += 1;
                continue;
            }
            // Accepting may have been all that the window had to do.
            let over = *word == "approve" && step == "intake" && reply.text().contains("cases.task-done");
            if !over {
                reply.json().map_err(|e| format!("{word} on {step}: {e}"))?;
            }
            break;
        }
        times.push(micros(begun));
    }
    Ok((times, again))
}

fn micros(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_found_wherever_a_step_keeps_them() {
        let case = json!({"steps": [
            {"id": "a", "state": {"state": "open", "task": "1"}},
            {"id": "b", "state": "open", "seats": [{"task": "2"}, {"task": "3"}]},
            {"id": "c", "state": {"state": "passed", "task": "4"}},
        ]});
        let found: Vec<String> = open_tasks(&case).into_iter().map(|(s, t)| s + &t).collect();
        assert_eq!(found, ["a1", "b2", "b3"]);
    }
}
