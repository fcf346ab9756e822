//! Running the parts of a test run: their output is shown as it comes, their counts and seconds are kept.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What came out of one part.
pub struct Stage {
    name: String,
    passed: u64,
    failed: u64,
    took: Duration,
    note: String,
}

/// All parts of a run.
#[derive(Default)]
pub struct Stages {
    done: Vec<Stage>,
}

impl Stages {
    /// Runs `command` as the part `name`; a part that counts nothing counts as one check. Good when it succeeded.
    pub fn run(&mut self, name: &str, command: &mut Command) -> bool {
        println!("\n── {name} ──");
        self.ended(name, &ran(command, true))
    }

    /// Runs two parts at the same time: what the first prints is shown as it comes, what the second printed when both are done.
    pub fn run_both(&mut self, first: (&str, &mut Command), second: (&str, &mut Command)) -> bool {
        println!("\n── {}, and meanwhile {} ──", first.0, second.0);
        let (one, two) = std::thread::scope(|scope| {
            let beside = scope.spawn(|| ran(second.1, false));
            (ran(first.1, true), beside.join())
        });
        let two = two.unwrap_or_else(|_| Ran { good: false, lines: Vec::new(), took: Duration::ZERO });
        println!("\n── {} ──", second.0);
        two.lines.iter().for_each(|line| println!("{line}"));
        let good = self.ended(first.0, &one);
        self.ended(second.0, &two) && good
    }

    fn ended(&mut self, name: &str, ran: &Ran) -> bool {
        let (passed, failed) = counts(&ran.lines);
        self.add(name, ran.good, passed, failed, ran.took, "");
        ran.good
    }

    /// Records a part that ran inside xtask.
    pub fn check(&mut self, name: &str, part: impl FnOnce() -> Result<bool, String>) -> bool {
        println!("\n── {name} ──");
        let begun = Instant::now();
        let (good, note) = match part() {
            Ok(good) => (good, String::new()),
            Err(say) => (false, say),
        };
        if !note.is_empty() {
            println!("{note}");
        }
        self.add(name, good, 0, 0, begun.elapsed(), &note);
        good
    }

    /// Records a part that could not run, which is a failure.
    pub fn skip(&mut self, name: &str, why: &str) {
        self.add(name, false, 0, 0, Duration::ZERO, why);
    }

    fn add(&mut self, name: &str, good: bool, passed: u64, failed: u64, took: Duration, note: &str) {
        let (mut passed, mut failed) = (passed, failed);
        if good && passed + failed == 0 {
            passed = 1;
        }
        if !good && failed == 0 {
            failed = 1;
        }
        let note = note.lines().next().unwrap_or_default().to_owned();
        self.done.push(Stage { name: name.to_owned(), passed, failed, took, note });
    }

    /// Prints the summary and the closing line; good when nothing failed.
    pub fn close(&self, begun: Instant) -> bool {
        println!("\n── summary ──");
        for stage in &self.done {
            let mark = if stage.failed == 0 { "ok  " } else { "FAIL" };
            let (passed, failed, seconds) = (stage.passed, stage.failed, stage.took.as_secs_f64());
            println!(
                "{mark} {:<28} {seconds:>7.1} s  {passed:>4} passed {failed:>3} failed  {}",
                stage.name, stage.note
            );
        }
        let passed: u64 = self.done.iter().map(|s| s.passed).sum();
        let failed: u64 = self.done.iter().map(|s| s.failed).sum();
        println!("all together {:.1} s", begun.elapsed().as_secs_f64());
        println!("{passed} passed, {failed} failed");
        failed == 0
    }
}

/// What a command came to.
struct Ran {
    good: bool,
    lines: Vec<String>,
    took: Duration,
}

/// Runs a command to its end; `show` says whether its output is shown as it comes.
fn ran(command: &mut Command, show: bool) -> Ran {
    let begun = Instant::now();
    let (good, lines) = match read(command, show) {
        Ok(done) => done,
        Err(e) => (false, vec![format!("{:?} did not start: {e}", command.get_program())]),
    };
    Ran { good, lines, took: begun.elapsed() }
}

fn read(command: &mut Command, show: bool) -> std::io::Result<(bool, Vec<String>)> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let lines = Arc::new(Mutex::new(Vec::new()));
    let readers: Vec<_> = [
        child.stdout.take().map(|o| Box::new(o) as Box<dyn Read + Send>),
        child.stderr.take().map(|o| Box::new(o) as Box<dyn Read + Send>),
    ]
    .into_iter()
    .flatten()
    .map(|out| {
        let lines = Arc::clone(&lines);
        std::thread::spawn(move || copy(out, &lines, show))
    })
    .collect();
    let status = child.wait()?;
    for reader in readers {
        let _ = reader.join();
    }
    let lines = lines.lock().map(|l| l.clone()).unwrap_or_default();
    Ok((status.success(), lines))
}

fn copy(out: Box<dyn Read + Send>, lines: &Mutex<Vec<String>>, show: bool) {
    let mut out = BufReader::new(out);
    let mut line = Vec::new();
    while out.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        if show {
            let _ = writeln!(std::io::stdout(), "{text}");
        }
        if let Ok(mut lines) = lines.lock() {
            lines.push(text);
        }
        line.clear();
    }
}

/// What the runners' closing lines say: nextest, cargo test, and the plain `N passed, N failed`.
fn counts(lines: &[String]) -> (u64, u64) {
    let before = |line: &str, word: &str| -> u64 {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let at = words.iter().position(|w| *w == word);
        at.and_then(|i| i.checked_sub(1)).and_then(|i| words.get(i)).and_then(|n| n.parse().ok()).unwrap_or(0)
    };
    let plain = |line: &str| {
        let (passed, failed) = (before(line, "passed"), before(line, "failed"));
        line.trim() == format!("{passed} passed, {failed} failed")
    };
    let closing = |l: &&String| {
        l.contains(" tests run: ") || l.contains(" test run: ") || l.starts_with("test result:") || plain(l)
    };
    let mut sum = (0, 0);
    for line in lines.iter().filter(closing) {
        sum.0 += before(line, "passed");
        sum.1 += before(line, "failed") + before(line, "timed");
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        let lines = [
            "     Summary [   0.101s] 8 tests run: 6 passed (1 slow), 1 failed, 1 timed out, 3 skipped",
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured",
            "12 passed, 3 failed",
            "PASS 7 passed, as the test's name says",
        ];
        let lines: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
        assert_eq!(counts(&lines), (23, 5));
    }

    #[test]
    fn a_part_that_broke_is_a_failure_even_if_it_counted_none() {
        let mut stages = Stages::default();
        assert!(!stages.run("broken", Command::new("sh").args(["-c", "echo '3 passed, 0 failed'; exit 1"])));
        assert!(stages.run("fine", &mut Command::new("true")));
        stages.skip("later", "broken before");
        let echo = |words: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", &format!("echo {words}")]);
            command
        };
        let (mut one, mut two) = (echo("2 passed, 0 failed"), echo("4 passed, 1 failed; exit 1"));
        assert!(!stages.run_both(("beside", &mut one), ("another", &mut two)));
        let counted: Vec<_> = stages.done.iter().map(|s| (s.passed, s.failed)).collect();
        assert_eq!(counted, [(3, 1), (1, 0), (0, 1), (2, 0), (4, 1)]);
        assert!(!stages.close(Instant::now()));
    }
}
