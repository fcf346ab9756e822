//! The project's own tools: `cargo xtask tidy | room | test | prove | demo | screenshots`.

mod house;
mod lex;
mod room;
mod tidy;
mod tree;

use std::process::ExitCode;

/// What the tools return: a value, or one sentence about what went wrong.
pub type Res<T> = Result<T, String>;

const HELP: &str = "\
cargo xtask tidy [--bless]             check what the house promises about itself; --bless rewrites docs/FLOORPLAN.txt
cargo xtask room NAME --floor N        make a new room (docs/ADDING-A-ROOM.md)
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["tidy"] => tidy::run(false),
        ["tidy", "--bless"] => tidy::run(true),
        ["room", name, "--floor", floor] => room::run(name, floor),
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(say) => {
            eprintln!("xtask: {say}");
            ExitCode::FAILURE
        }
    }
}
