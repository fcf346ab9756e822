//! QR codes (GB/T 18284, ISO/IEC 18004) as pictures: what stands on paper leads to its page.

use crate::Html;
use kernel::Fault;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// The white rim that readers need around a code, in modules.
const QUIET: i32 = 4;

/// `text` as a QR code: one path in an SVG of class `qr-code`, black on white, as large as the style or its box says. It says nothing to a
/// screen reader: the address stands beside it in letters.
///
/// # Errors
/// A [`Fault`] when the text is too long for a code.
pub fn qr(text: &str) -> Result<Html, Fault> {
    let code =
        QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|e| Fault::from("making a QR code", e))?;
    let (side, mut path) = (code.size() + 2 * QUIET, String::new());
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Ok(Html(format!(
        "<svg class=\"qr-code\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" \
         aria-hidden=\"true\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_is_too_long_is_refused() {
        assert!(qr("https://example.test/query").unwrap().0.starts_with("<svg class=\"qr-code\""));
        assert!(qr(&"x".repeat(3_000)).is_err());
    }
}
