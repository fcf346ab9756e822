//! The project's own tools: `cargo xtask tidy | room | test | prove | demo | screenshots`.

mod cluster;
mod demo;
mod house;
mod lex;
mod room;
mod stage;
mod suite;
mod tidy;
mod tools;
mod tree;

use std::process::ExitCode;

/// What the tools return: a value, or one sentence about what went wrong.
pub type Res<T> = Result<T, String>;

const HELP: &str = "\
cargo xtask demo [--listen ADDR]       serve a demonstration city on http://127.0.0.1:8080
cargo xtask test [--fast]              everything that CI runs; --fast leaves the browser and the kill test out
cargo xtask prove [--kills N]          what takes longer: kill the server 200 times under load on each database
cargo xtask prove --soak MINUTES       load a server of each database for so long and watch its memory
cargo xtask tidy [--bless]             check what the house promises about itself; --bless rewrites docs/FLOORPLAN.txt
cargo xtask room NAME --floor N        make a new room (docs/ADDING-A-ROOM.md); --trial tries that in a copy
cargo xtask with-postgres COMMAND…     run a command beside a private cluster (YIMEN_TEST_POSTGRES is its address)
cargo xtask screenshots                make the pictures of the READMEs anew
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["tidy"] => tidy::run(false),
        ["tidy", "--bless"] => tidy::run(true),
        ["test"] => suite::test(false),
        ["test", "--fast"] => suite::test(true),
        ["with-postgres", command @ ..] => suite::with_postgres(command),
        ["prove"] => suite::prove(None),
        ["prove", "--kills", kills] => suite::prove(Some(kills)),
        ["prove", "--soak", minutes] => suite::soak(minutes),
        ["demo"] => demo::run("127.0.0.1:8080"),
        ["demo", "--listen", listen] => demo::run(listen),
        ["screenshots"] => demo::screenshots(),
        ["room", "--trial"] => house::root().and_then(|root| room::trial(&house::survey(&root)?)),
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
