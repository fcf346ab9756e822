//! Where a letter goes for whoever keeps no address book: the address that was written down when they were registered.

use super::{Typed, put};
use crate::model::{AddressId, Told};
use crate::room::Matter;
use ::store::{Cx, Store};
use kernel::{Failure, Outcome, SubjectId};
use trace::Purpose;

/// Puts the address that is known of the recipient into their book, in this commit, where they see and change it. None where nothing is
/// known, where it is under protection, and where a courier could not find it: without the county, or the street.
pub(super) async fn known(cx: &mut Cx, matter: &Matter) -> Outcome<Option<AddressId>> {
    let (SubjectId::Person(person), Some(case)) = (matter.recipient, matter.cases.first()) else {
        return Ok(None);
    };
    let purpose = Purpose::in_case("deliver", &case.number);
    let Some(whole) = identity::address_for_post(cx, person, &purpose).await? else { return Ok(None) };
    let near = identity::agency(cx.store(), &matter.agency).await?.map(|a| a.division).unwrap_or_default();
    let Some((division, street)) = parted(cx.store(), &whole, &near).await? else { return Ok(None) };
    let told = Told { street, recipient: matter.recipient_name.clone(), phone: String::new() };
    match put(cx, matter.recipient, None, &Typed { division, told, usual: true }).await {
        Ok(id) => Ok(Some(id)),
        // No street, say: it waits at the window instead.
        Err(Failure::Refused(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// An address as it stands on a card, parted into the code of its county and the rest. It begins with the province, or with a city of the
/// province of `near`; what begins below that could be anywhere.
async fn parted(store: &Store, whole: &str, near: &str) -> Outcome<Option<(String, String)>> {
    let whole: String = whole.chars().filter(|c| !c.is_whitespace()).collect();
    let province = identity::division_chain(store, near).await?.pop().map(|(code, _)| code);
    for start in [None, province.as_deref()] {
        let (mut code, mut rest) = (start.map(str::to_owned), whole.as_str());
        loop {
            let below = identity::divisions_below(store, code.as_deref()).await?;
            let above_county = code.as_deref() == start;
            let fits = |(c, name): &(String, kernel::Text)| {
                c.len() == 6 && (!above_county || c.ends_with("00")) && rest.starts_with(name.zh.as_str())
            };
            let Some((next, name)) = below.into_iter().filter(fits).max_by_key(|(_, name)| name.zh.len())
            else {
                break;
            };
            rest = rest.get(name.zh.len()..).unwrap_or_default();
            code = Some(next);
        }
        if let Some(code) = code.filter(|c| !c.ends_with("00")) {
            return Ok(Some((code, rest.to_owned())));
        }
    }
    Ok(None)
}
