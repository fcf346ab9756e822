//! The demonstration city's seals: every agency's own, and its staff's rights over them.

use super::{Seal, SealKind, SealState, verbs};
use crate::store::seals as rows;
use ::store::{Cx, Ground, command};
use identity::{Agency, Colleague, Role};
use kernel::{ActorRef, AgencyCode, Lang, Outcome};

/// Gives every agency of the demonstration that has none its seals, and its staff the rights: examiners over all, window
/// clerks of the same city over the acceptance seal. Parts of an agency use the seals of the whole.
///
/// # Errors
/// A fault of the database.
pub async fn seed_demo_seals(ground: &Ground) -> Outcome<()> {
    let agencies = identity::agencies(&ground.store).await?;
    let mut staff = Vec::new();
    for agency in &agencies {
        let here = identity::colleagues(&ground.store, &agency.code).await?;
        staff.extend(here.into_iter().map(|c| (agency.code.clone(), c)));
    }
    for agency in agencies.iter().filter(|a| !is_part(a, &agencies)) {
        if !rows::of_agency(&ground.store, &agency.code).await?.is_empty() {
            continue;
        }
        let actor = ActorRef::system();
        command!(ground, Lang::ZhCn, actor, |cx| seed(&mut cx, agency, &staff))?;
    }
    Ok(())
}

fn is_part(agency: &Agency, all: &[Agency]) -> bool {
    all.iter().any(|whole| whole.code != agency.code && whole.code.contains(&agency.code))
}

fn seed(cx: &mut Cx, agency: &Agency, staff: &[(AgencyCode, Colleague)]) -> Outcome<()> {
    for kind in SealKind::ALL {
        let seal = Seal {
            id: cx.new_id(),
            agency: agency.code.clone(),
            agency_name: agency.name.clone(),
            kind,
            name: format!("{}{}", agency.name.zh, kind.legend()),
            state: SealState::InUse,
            // An agency's own seal stands for the whole agency: a person applies it.
            automatic: kind != SealKind::Official,
            rev: 1,
        };
        let mut head = verbs::register(cx, &seal)?;
        let mut given = Vec::new();
        for (place, colleague) in staff {
            let own = agency.code.contains(place) && colleague.role == Role::Examiner;
            let window = kind == SealKind::Acceptance
                && colleague.role == Role::Clerk
                && root(place) == root(&agency.code);
            if (own || window) && !given.contains(&colleague.account) {
                verbs::give(cx, &mut head, seal.id, colleague.account)?;
                given.push(colleague.account);
            }
        }
    }
    Ok(())
}

/// The city of a code: `nanjing`.
fn root(code: &AgencyCode) -> &str {
    code.as_str().split('.').next().unwrap_or("")
}
