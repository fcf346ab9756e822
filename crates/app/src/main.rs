//! The program `yimen`.

use std::process::ExitCode;

/// Gives memory back after a print or a burst; the system's allocator kept four times as much resident.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    app::cli::main()
}
