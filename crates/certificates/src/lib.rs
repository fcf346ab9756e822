//! certificates: issues, keeps, prints, signs, verifies and revokes electronic certificates (电子证照).

mod model;
mod stub;

pub use model::{CertField, Certificate, CertificateId, Cursor, NewCertificate, NotACursor, State};
pub use stub::*;
