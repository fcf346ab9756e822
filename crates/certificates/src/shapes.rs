//! The same certificate in two other shapes, made when somebody asks: a signed OFD, and a picture for a telephone.

use crate::keys::Signer;
use crate::model::{Certificate, CertificateId};
use crate::print::{about, prepare};
use crate::sign::seal_ofd;
use crate::store as rows;
use kernel::{Fault, Outcome, Refusal};
use page::House;
use std::sync::Arc;

/// How many pixels a picture is wide: sharp on every telephone, and the code in it can be scanned from the screen.
const WIDTH: u32 = 1_600;

/// The certificate as OFD (GB/T 33190), signed like the PDF.
///
/// # Errors
/// Not found, or a fault of the press or the store.
pub async fn ofd(house: &House, signer: &Arc<Signer>, id: CertificateId) -> Outcome<Vec<u8>> {
    let certificate = found(house, id).await?;
    let printing = prepare(house, signer, &certificate).await?;
    let (press, own) = (house.press.clone(), signer.clone());
    let made = tokio::task::spawn_blocking(move || {
        let doing = |fault: Fault| fault.while_doing(format!("making an OFD of {}", certificate.identifier));
        let parts = press.ofd(&printing.job()).map_err(doing)?;
        let about = about(&certificate, printing.url());
        seal_ofd(parts, &own, &certificate.name.zh, &about).map_err(doing)
    });
    Ok(made.await.map_err(|e| Fault::from("making an OFD", e))??)
}

/// The certificate's first page as a PNG. It is no document: nothing in it is signed, and its code leads to the verification.
///
/// # Errors
/// Not found, or a fault of the press or the store.
pub async fn picture(house: &House, signer: &Arc<Signer>, id: CertificateId) -> Outcome<Vec<u8>> {
    let certificate = found(house, id).await?;
    let printing = prepare(house, signer, &certificate).await?;
    let press = house.press.clone();
    let made = tokio::task::spawn_blocking(move || {
        let doing = |fault: Fault| fault.while_doing(format!("drawing {}", certificate.identifier));
        press.picture(&printing.job(), WIDTH).map_err(doing)
    });
    Ok(made.await.map_err(|e| Fault::from("drawing a certificate", e))??)
}

async fn found(house: &House, id: CertificateId) -> Outcome<Certificate> {
    Ok(rows::get(&house.ground.store, id).await?.ok_or_else(Refusal::not_found)?)
}
