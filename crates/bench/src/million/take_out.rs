//! A supervisor takes every case out as a table: how long it takes, and how much memory the server holds meanwhile.

use crate::door::{self, Ask, Trouble};
use crate::place::Site;
use crate::server::Server;
use std::fmt;
use std::time::Instant;

/// The columns that need no history.
const COLUMNS: &str = "number,item_name,agency,state_name,outcome,applicant,filed_at,due,closed_at";

/// Memory is looked at whenever so many bytes have come.
const EACH: usize = 1 << 20;

/// What it came to.
pub struct TakenOut {
    lines: usize,
    bytes: usize,
    seconds: f64,
    before_mib: f64,
    /// The most, up to half the file and up to its end: what is streamed does not grow with the file.
    most_mib: Vec<(usize, f64)>,
}

impl fmt::Display for TakenOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = self.bytes >> 20;
        write!(f, "CSV of {} cases: {mib} MiB in {:.1} s; ", self.lines, self.seconds)?;
        write!(f, "server's memory before {:.0} MiB, the most while sending", self.before_mib)?;
        for share in [10, 50, 100] {
            let upto = self.bytes / 100 * share;
            let most =
                self.most_mib.iter().filter(|(at, _)| *at <= upto).map(|(_, m)| *m).fold(0.0, f64::max);
            write!(f, " {most:.0} MiB by {share} %,")?;
        }
        Ok(())
    }
}

/// Takes all cases out.
///
/// # Errors
/// When the file does not come whole.
pub async fn measure(site: &Site) -> Result<TakenOut, Trouble> {
    let server = Server::start_still(site).await?;
    let mut caller = server.caller().await?;
    let supervisor = door::sign_in_by_form(&mut caller, "supervisor").await?;
    let columns: String = COLUMNS.split(',').map(|column| format!("&columns={column}")).collect();
    let path = format!("/desk/records/file?format=csv{columns}");
    let before_mib = server.memory()?;
    let (mut bytes, mut breaks, mut looked, mut most_mib) = (0, 0, 0, Vec::new());
    let begun = Instant::now();
    let piece = |piece: &[u8]| {
        bytes += piece.len();
        breaks += piece.iter().filter(|b| **b == b'\n').count();
        if bytes - looked >= EACH {
            looked = bytes;
            most_mib.extend(server.memory().ok().map(|mib| (bytes, mib)));
        }
    };
    caller.pieces(Ask::get(path).by(&supervisor), piece).await?;
    most_mib.push((bytes, server.memory()?));
    let seconds = begun.elapsed().as_secs_f64();
    Ok(TakenOut { lines: breaks.saturating_sub(1), bytes, seconds, before_mib, most_mib })
}
