//! `yimen verify FILE`: checks an exported trace or a certificate without any server.

use kernel::{Fault, Lang};
use std::path::Path;

/// Checks `file`; answers whether it is sound and prints what was found.
///
/// # Errors
/// A [`Fault`] when the file cannot be read.
pub fn run(file: &Path, trust: Option<&Path>) -> Result<bool, Fault> {
    let bytes = std::fs::read(file).map_err(|e| Fault::from(format!("reading {}", file.display()), e))?;
    if bytes.starts_with(b"%PDF") {
        return certificate(&bytes, trust);
    }
    let text =
        String::from_utf8(bytes).map_err(|e| Fault::from(format!("{} is not text", file.display()), e))?;
    let checked = match trust {
        Some(path) => trace::verify_with(&text, &root_trust(path)?),
        None => trace::verify(&text),
    };
    match checked {
        Ok(sound) => {
            println!("sound: {sound}");
            Ok(true)
        }
        Err(broken) => {
            println!("BROKEN at line {}: {}", broken.line, broken.say.get(Lang::En));
            Ok(false)
        }
    }
}

fn root_trust(path: &Path) -> Result<trace::Trust, Fault> {
    let pem =
        std::fs::read_to_string(path).map_err(|e| Fault::from(format!("reading {}", path.display()), e))?;
    trace::Trust::default()
        .key(&pem)
        .map_err(|say| Fault::new(format!("{}: {}", path.display(), say.get(Lang::En))))
}

fn certificate(bytes: &[u8], trust: Option<&Path>) -> Result<bool, Fault> {
    let path = trust.ok_or_else(|| Fault::new("name the authority to trust: --trust ca.pem"))?;
    let pem =
        std::fs::read_to_string(path).map_err(|e| Fault::from(format!("reading {}", path.display()), e))?;
    match certificates::check_pdf(bytes, &certificates::Trust::from_pem(&pem)?) {
        Ok(sound) => {
            println!("sound: {sound}");
            Ok(true)
        }
        Err(broken) => {
            println!("BROKEN: {broken}");
            Ok(false)
        }
    }
}
