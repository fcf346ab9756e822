//! The program `yimen`.

use std::process::ExitCode;

fn main() -> ExitCode {
    app::cli::main()
}
