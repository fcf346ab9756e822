//! The electronic certificate identifier (电子证照标识), GB/T 36904-2018.

use super::{CodeError, CreditCode, Warning, check, code_text, shape};
use crate::Text;

/// A certificate identifier: root, type code, issuer, serial, version, check character, joined by dots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CertificateIdentifier(String);

code_text!(CertificateIdentifier);

/// The object identifier under which all of them stand.
const ROOT: &str = "1.2.156.3005.2.";

/// The longest serial.
const SERIAL: usize = 40;

/// The parts of an identifier.
struct Parts<'a> {
    kind: &'a str,
    issuer: &'a str,
    serial: &'a str,
    version: &'a str,
    check: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix(ROOT)?.split('.');
        let mut next = || parts.next();
        let all = Self { kind: next()?, issuer: next()?, serial: next()?, version: next()?, check: next()? };
        parts.next().is_none().then_some(all)
    }

    fn checked(&self) -> Option<char> {
        check::mod_37_36(&format!("{}{}{}{}", self.kind, self.issuer, self.serial, self.version))
    }

    fn form(&self) -> Result<(), CodeError> {
        let capital = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
        let digit = |c: char| c.is_ascii_digit();
        shape(self.kind, &Text::new("证照类型代码", "certificate type code"), 21, capital)?;
        let type_serial = self.kind.get(18..).unwrap_or("");
        shape(type_serial, &Text::new("证照类型流水号", "serial of the certificate type"), 3, digit)?;
        shape(self.issuer, &Text::new("颁发机构代码", "issuing body's code"), 18, capital)?;
        let serial = Text::new("证照流水号", "serial of the certificate");
        shape(self.serial, &serial, self.serial.len().clamp(1, SERIAL), capital)?;
        shape(self.version, &Text::new("证照版本号", "version of the certificate"), 3, digit)?;
        shape(self.check, &Text::new("证照标识校验位", "check character of the identifier"), 1, capital)
    }

    fn bodies(&self) -> Result<(), CodeError> {
        self.kind.get(..18).unwrap_or("").parse::<CreditCode>()?;
        self.issuer.parse::<CreditCode>().map(|_| ())
    }

    fn sound(&self) -> Result<(), CodeError> {
        if self.checked().is_some() && self.checked() == self.check.chars().next() {
            return Ok(());
        }
        Err(CodeError::new(
            "电子证照标识有误：校验位不符，请逐位核对。",
            "The certificate identifier is mistyped: its check character does not fit.",
        ))
    }
}

fn parts(text: &str) -> Result<Parts<'_>, CodeError> {
    let parts = Parts::of(text).ok_or_else(|| {
        CodeError::new(
            "电子证照标识应以1.2.156.3005.2.开头，后接五段：类型代码、颁发机构、流水号、版本号、校验位。",
            "A certificate identifier is 1.2.156.3005.2. and five parts: type, issuer, serial, version, check character.",
        )
    })?;
    parts.form()?;
    Ok(parts)
}

impl CertificateIdentifier {
    /// The identifier of a certificate, with its check character.
    ///
    /// # Errors
    /// When the type code (21), the issuer's credit code, the serial (0-9A-Z) or the version (999 at most) is wrong.
    pub fn new(kind: &str, issuer: &str, serial: &str, version: u16) -> Result<Self, CodeError> {
        let version = format!("{version:03}");
        let made = Parts { kind, issuer, serial, version: &version, check: "0" };
        made.form()?;
        let check = made.checked().map(String::from).unwrap_or_default();
        format!("{ROOT}{kind}.{issuer}.{serial}.{version}.{check}").parse()
    }

    /// Reads an identifier kept elsewhere; wrong check characters are warnings.
    ///
    /// # Errors
    /// When it has not its parts.
    pub fn import(text: &str) -> Result<(Self, Vec<Warning>), CodeError> {
        let (text, mut warnings) = super::tidy(text);
        let parts = parts(&text)?;
        warnings.extend(parts.bodies().err().map(Warning::from));
        warnings.extend(parts.sound().err().map(Warning::from));
        Ok((Self(text), warnings))
    }

    fn part(&self, of: for<'a> fn(&Parts<'a>) -> &'a str) -> &str {
        Parts::of(&self.0).map_or("", |parts| of(&parts))
    }

    /// The code of the certificate type, 21 characters.
    pub fn kind(&self) -> &str {
        self.part(|parts| parts.kind)
    }

    /// The credit code of the issuing body.
    pub fn issuer(&self) -> &str {
        self.part(|parts| parts.issuer)
    }

    /// The issuer's serial.
    pub fn serial(&self) -> &str {
        self.part(|parts| parts.serial)
    }

    /// The version, from 1.
    pub fn version(&self) -> u32 {
        super::number(self.part(|parts| parts.version))
    }
}

impl std::str::FromStr for CertificateIdentifier {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let parts = parts(text)?;
        parts.sound()?;
        parts.bodies()?;
        Ok(Self(text.to_owned()))
    }
}
