//! A firm's branches (分支机构): each has its own code and its own cases; whoever manages the head office manages them too, because the
//! company answers for what its branch does (公司法第十三条第二款).

use crate::model::{Acting, MemberRole};
use crate::rights::Applicant;
use crate::store;
use ::store::Store;
use kernel::{Fault, OrganisationId};

/// A branch of the firm that somebody manages; only [`branches`] makes one, so it carries the right to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    id: OrganisationId,
    name: String,
    code_masked: String,
    role: MemberRole,
}

impl Branch {
    /// Its id.
    pub fn id(&self) -> OrganisationId {
        self.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its code, shown in part.
    pub fn code_masked(&self) -> &str {
        &self.code_masked
    }
}

impl Applicant {
    /// The same person acting for a branch of the firm they manage.
    pub fn in_branch(&self, branch: &Branch) -> Self {
        let mut there = self.clone();
        there.acting = Acting::Firm { id: branch.id, name: branch.name.clone(), role: branch.role };
        there
    }
}

/// The branches of the firm that `who` manages, by id, after `after`; none for anybody else.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn branches(
    store: &Store,
    who: &Applicant,
    after: Option<OrganisationId>,
    limit: i64,
) -> Result<Vec<Branch>, Fault> {
    let Acting::Firm { id: head, role, .. } = &who.acting else { return Ok(Vec::new()) };
    if !MemberRole::manages(*role) {
        return Ok(Vec::new());
    }
    let after = after.map_or_else(String::new, |id| id.to_string());
    let rows = store::branches(store, *head, &after, limit).await?;
    let branch =
        |r: store::BranchRow| Branch { id: r.id, name: r.name, code_masked: r.code_mask, role: *role };
    Ok(rows.into_iter().map(branch).collect())
}
