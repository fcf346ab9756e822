//! `yimen whatif FILE`: what another way of running a hall or a matter would bring, tried on a virtual clock.

use clap::Args;
use kernel::Fault;
use std::path::PathBuf;
use whatif::{File, Seeds, report};

/// What is to be tried.
#[derive(Args)]
pub struct WhatifArgs {
    /// The description (YAML), such as `packs/demo/whatif/hall-27.yaml`.
    file: PathBuf,
    /// How many days, or draws of matters, one a seed.
    #[arg(long, default_value_t = 50)]
    seeds: u64,
    /// The seed before the first one: 50 tries days that the default has not seen.
    #[arg(long, default_value_t = 0)]
    after: u64,
    /// As CSV.
    #[arg(long)]
    csv: bool,
    /// The folder of packs, for matters.
    #[arg(long, default_value = "packs")]
    packs: PathBuf,
    /// The language of the table: `zh-CN` or `en`.
    #[arg(long, default_value = "zh-CN")]
    lang: String,
}

/// Tries and prints.
///
/// # Errors
/// A [`Fault`] that says what in the description is wrong.
pub fn run(args: &WhatifArgs) -> Result<(), Fault> {
    let lang = super::lang(&args.lang)?;
    let text = std::fs::read_to_string(&args.file)
        .map_err(|e| Fault::from(format!("reading {}", args.file.display()), e))?;
    let file = File::read(&text)?;
    let seeds = Seeds { n: args.seeds, after: args.after };
    if let Some(hall) = &file.hall {
        let compared = whatif::compare(hall, seeds)?;
        let table = || report::hall_table(hall, &compared, lang);
        print!("{}", if args.csv { report::hall_csv(hall, &compared) } else { table() });
    }
    if let Some(matter) = &file.matter {
        let pack = super::plan::load(&args.packs, lang)?;
        let planned = whatif::planned(&pack, &matter.plan)?;
        let worked = whatif::worked(matter, &planned.steps, seeds)?;
        let table = || report::matter_table(&worked, planned.name.get(lang), lang);
        print!("{}", if args.csv { report::matter_csv(&worked) } else { table() });
        if let Some(desks) = &matter.desks {
            let found = whatif::desked(desks, &planned, seeds)?;
            let table = || report::desks_table(desks, &found, lang);
            print!("{}", if args.csv { report::desks_csv(desks, &found) } else { table() });
        }
    }
    Ok(())
}
