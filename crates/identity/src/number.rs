//! The number of a member of staff: what stands in a person's pages where no name may stand.

use kernel::AccountId;

/// The number under which a member of staff appears to those whose data they look at: always the same one, and no name.
pub fn staff_number(account: AccountId) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let low = account.uuid().as_u128();
    let letter = |i: u32| {
        let at = usize::try_from((low >> (5 * i)) & 31).unwrap_or(0);
        LETTERS.get(at).copied().map_or('0', char::from)
    };
    (0..8).rev().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_always_the_same_and_says_nothing() {
        let account: AccountId = "01890000-0000-7000-8000-0000000000ff".parse().unwrap();
        assert_eq!(staff_number(account), "0000007Z");
        let other: AccountId = "01890000-0000-7000-8000-0000000001ff".parse().unwrap();
        assert_ne!(staff_number(account), staff_number(other));
    }
}
