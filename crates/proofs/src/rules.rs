//! What is kept, what it replaces, what is offered, what may be withdrawn: pure.

use crate::model::{Grade, Proof, State};
use jiff::civil::Date;
use kernel::{Refusal, RefusalKind};

/// What becomes of a paper that is handed in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is one that is kept already, by its place in the list; with the better grade, when it is now believed farther.
    Same(usize, Option<Grade>),
    /// It is kept anew, in the place of these.
    New(Vec<usize>),
}

/// What is known of the paper that comes.
pub(crate) struct Coming<'a> {
    pub grade: Grade,
    pub digests: &'a [String],
    pub case: &'a str,
}

/// Decides what becomes of the paper `coming`, when `offered` are kept of the same kind and holder. The newer one stands in the
/// place of those that are believed no farther, and of those whose last day has passed. What has no pages (what a register said, what
/// was declared) is a record: it takes no paper's place, and no paper takes its.
pub(crate) fn keep(offered: &[Proof], coming: &Coming<'_>, today: Date) -> Kept {
    if let Some(at) = offered.iter().position(|p| same(p, coming)) {
        let better = offered.get(at).is_some_and(|p| !p.grade.at_least(coming.grade));
        return Kept::Same(at, better.then_some(coming.grade));
    }
    let alike = |p: &Proof| p.digests.is_empty() == coming.digests.is_empty();
    Kept::New(places(offered, |p| alike(p) && (coming.grade.at_least(p.grade) || p.expired(today))))
}

/// The same pages in any order; what has no pages is the same only within its case, but what agencies know is one record.
fn same(kept: &Proof, coming: &Coming<'_>) -> bool {
    if coming.digests.is_empty() {
        let known = kept.grade == Grade::Issued && coming.grade == Grade::Issued;
        return kept.digests.is_empty() && (kept.case == coming.case || known);
    }
    let sorted = |digests: &[String]| {
        let mut all = digests.to_vec();
        all.sort();
        all
    };
    sorted(&kept.digests) == sorted(coming.digests)
}

/// Which of `offered` give way, when the one with `id` is believed as far as `to`.
pub(crate) fn give_way(offered: &[Proof], raised: &Proof, to: Grade) -> Vec<usize> {
    places(offered, |p| {
        p.id != raised.id && p.grade == to || p.id != raised.id && older(p, raised) && to.at_least(p.grade)
    })
}

fn older(one: &Proof, other: &Proof) -> bool {
    (one.at, one.id) < (other.at, other.id)
}

fn places(offered: &[Proof], fits: impl Fn(&Proof) -> bool) -> Vec<usize> {
    offered.iter().enumerate().filter(|(_, p)| fits(p)).map(|(at, _)| at).collect()
}

/// Whether staff's comparing raises it to `to`: a declaration stays one, and nothing is lowered.
pub(crate) fn rises(proof: &Proof, to: Grade) -> bool {
    proof.state == State::Kept && proof.grade != Grade::Declared && !proof.grade.at_least(to)
}

/// Whether a look at the screen is written down: of an upload that nobody has looked at yet.
pub(crate) fn looked_at(proof: &Proof) -> bool {
    proof.state == State::Kept && proof.grade == Grade::Uploaded && proof.checked.is_none()
}

/// Of each kind, holder and thing the one to be offered on `day`: usable, believed farthest, then the newest.
pub(crate) fn best(offered: Vec<Proof>, day: Date) -> Vec<Proof> {
    let mut best: Vec<Proof> = Vec::new();
    for proof in offered.into_iter().filter(|p| p.usable(day)) {
        match best.iter_mut().find(|b| same_drawer(b, &proof)) {
            None => best.push(proof),
            Some(old) => {
                let ahead = old.grade != proof.grade && proof.grade.at_least(old.grade)
                    || old.grade == proof.grade && older(old, &proof);
                if ahead {
                    *old = proof;
                }
            }
        }
    }
    best
}

fn same_drawer(one: &Proof, other: &Proof) -> bool {
    (&one.kind, &one.holder, &one.about) == (&other.kind, &other.holder, &other.about)
}

/// Whether its holder may take it back: what no law keeps, as long as it is there.
///
/// # Errors
/// A refusal that names the law, or that it is gone.
pub(crate) fn withdraw(proof: &Proof) -> Result<(), Refusal> {
    if proof.state == State::Withdrawn {
        return Err(Refusal::not_found());
    }
    match &proof.kept_by_law {
        None => Ok(()),
        Some(law) => Err(Refusal::new(
            RefusalKind::Conflict,
            "proofs.kept-by-law",
            format!("这份材料依法须保存，不能撤回：{}。", law.zh.trim_end_matches('。')),
            format!("The law has this paper kept; it cannot be withdrawn: {}.", law.en.trim_end_matches('.')),
        )
        .next(
            "它只在您办事时由您选择使用。内容有误的，请在办事时交一份新的。",
            "It is used only when you choose it. If it is wrong, hand in a new one with your next case.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ProofId;
    use jiff::civil::date;
    use kernel::{SubjectId, Text, clock};

    fn proof(n: u8, grade: Grade, digests: &[&str]) -> Proof {
        let id: ProofId = format!("019aa000-0000-7000-8000-0000000000{n:02}").parse().unwrap();
        let subject: SubjectId = "person:019aa000-0000-7000-8000-000000000099".parse().unwrap();
        Proof {
            id,
            subject,
            kind: "citizen-card".into(),
            holder: "applicant".into(),
            name: Text::default(),
            grade,
            purpose: Text::default(),
            case: "CASE-1".into(),
            item: Text::default(),
            files: Vec::new(),
            at: clock::from_micros(i64::from(n) * 1_000_000),
            issued: None,
            valid_until: None,
            state: State::Kept,
            kept_by_law: None,
            checked: None,
            replaced_by: None,
            digests: digests.iter().map(|d| (*d).to_owned()).collect(),
            about: String::new(),
            rev: 1,
        }
    }

    const TODAY: Date = date(2026, 11, 22);

    fn kept(offered: &[Proof], grade: Grade, digests: &[&str]) -> Kept {
        let digests: Vec<String> = digests.iter().map(|d| (*d).to_owned()).collect();
        keep(offered, &Coming { grade, digests: &digests, case: "CASE-2" }, TODAY)
    }

    #[test]
    fn a_newer_paper_takes_the_place_of_what_is_believed_no_farther() {
        let offered = [proof(1, Grade::Checked, &["a"]), proof(2, Grade::Uploaded, &["b"])];
        assert_eq!(kept(&offered, Grade::Uploaded, &["c"]), Kept::New(vec![1]));
        assert_eq!(kept(&offered, Grade::Checked, &["c"]), Kept::New(vec![0, 1]));
        assert_eq!(kept(&offered, Grade::Declared, &[]), Kept::New(vec![]));
        let mut old = offered;
        old[0].valid_until = Some(date(2026, 11, 21));
        assert_eq!(kept(&old, Grade::Uploaded, &["c"]), Kept::New(vec![0, 1]), "what has expired gives way");
        old[0].valid_until = Some(TODAY);
        assert_eq!(kept(&old, Grade::Uploaded, &["c"]), Kept::New(vec![1]), "the last day counts");
    }

    #[test]
    fn the_same_pages_are_the_same_paper() {
        let offered = [proof(1, Grade::Uploaded, &["front", "back"])];
        assert_eq!(kept(&offered, Grade::Uploaded, &["back", "front"]), Kept::Same(0, None));
        assert_eq!(kept(&offered, Grade::Checked, &["back", "front"]), Kept::Same(0, Some(Grade::Checked)));
        assert_eq!(
            kept(&offered, Grade::Declared, &["back", "front"]),
            Kept::Same(0, None),
            "nothing is lowered"
        );
        assert_eq!(kept(&offered, Grade::Uploaded, &["front"]), Kept::New(vec![0]));
        let declared = [proof(1, Grade::Declared, &[])];
        assert_eq!(
            kept(&declared, Grade::Declared, &[]),
            Kept::New(vec![0]),
            "each case has its own declaration"
        );
    }

    #[test]
    fn offered_is_what_is_believed_farthest_and_not_expired() {
        let mut checked = proof(1, Grade::Checked, &["a"]);
        let newer = proof(2, Grade::Uploaded, &["b"]);
        let child = Proof { holder: "child".into(), ..proof(3, Grade::Uploaded, &["c"]) };
        let ids = |found: Vec<Proof>| found.iter().map(|p| p.id).collect::<Vec<_>>();
        let all = || vec![child.clone(), newer.clone(), checked.clone()];
        assert_eq!(ids(best(all(), TODAY)), [child.id, checked.id]);
        checked.valid_until = Some(date(2026, 11, 21));
        let all = vec![child.clone(), newer.clone(), checked.clone()];
        assert_eq!(ids(best(all, TODAY)), [child.id, newer.id]);
        let house = |n, about: &str| Proof { about: about.into(), ..proof(n, Grade::Uploaded, &["d"]) };
        let two = vec![house(5, "two"), house(4, "one")];
        assert_eq!(ids(best(two.clone(), TODAY)), [two[0].id, two[1].id], "each house has its own paper");
    }

    #[test]
    fn comparing_raises_uploads_only() {
        assert!(rises(&proof(1, Grade::Uploaded, &["a"]), Grade::Checked));
        assert!(!rises(&proof(1, Grade::Declared, &[]), Grade::Checked));
        assert!(!rises(&proof(1, Grade::Issued, &[]), Grade::Checked));
        let gone = Proof { state: State::Withdrawn, ..proof(1, Grade::Uploaded, &["a"]) };
        assert!(!rises(&gone, Grade::Checked));
        assert!(looked_at(&proof(1, Grade::Uploaded, &["a"])) && !looked_at(&gone));
        assert!(!looked_at(&proof(1, Grade::Checked, &["a"])), "a look adds nothing to what was compared");
        // a newer upload that was not compared stays beside the raised one; an older or equal one gives way
        let offered = [
            proof(1, Grade::Checked, &["a"]),
            proof(2, Grade::Uploaded, &["b"]),
            proof(3, Grade::Declared, &[]),
        ];
        assert_eq!(give_way(&offered, &offered[1], Grade::Checked), [0]);
    }

    #[test]
    fn what_a_law_keeps_is_not_withdrawn() {
        let mut kept = proof(1, Grade::Checked, &["a"]);
        assert_eq!(withdraw(&kept), Ok(()));
        kept.kept_by_law =
            Some(Text::new("《不动产登记暂行条例》第九条。", "Real Estate Registration Regulation art. 9."));
        let refused = withdraw(&kept).unwrap_err();
        assert!(
            refused.code == "proofs.kept-by-law"
                && refused.say.zh.contains("第九条。")
                && !refused.say.zh.contains("。。")
        );
    }
}
