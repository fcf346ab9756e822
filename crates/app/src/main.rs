//! The program `yimen`.

use std::process::ExitCode;

/// Gives memory back after a print or a burst of filings, where the system's allocator keeps it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    app::cli::main()
}
