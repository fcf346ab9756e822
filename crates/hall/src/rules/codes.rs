//! Codes that people type from paper or from another screen: short, and none of their letters is mistaken for another.

/// No I, L, O, U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Eight letters are 40 bits: with a hundred thousand tickets of a day and 600 tries a minute from everywhere, one of them is met in ten
/// days of trying, and whose it is would not be known.
const LENGTH: usize = 8;

/// A code of 40 bits; higher bits are left out.
pub fn code(bits: u64) -> String {
    let letter = |n: usize| LETTERS.get(usize::try_from(bits >> (5 * n) & 31).unwrap_or(0)).copied();
    (0..LENGTH).rev().filter_map(letter).map(char::from).collect()
}

/// As it is shown: `7K3M-9Q2P`.
pub fn shown(code: &str) -> String {
    match code.split_at_checked(LENGTH / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}

/// As it was meant: spaces and hyphens go, small letters are large, and what looks alike is the same. `None` for what can be no code,
/// and is therefore no try.
pub fn whole(typed: &str) -> Option<String> {
    let letter = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let code: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(letter).take(LENGTH + 1).collect();
    (code.len() == LENGTH).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_as_people_type_it() {
        assert_eq!(whole(" 7k3m-9q2p ").as_deref(), Some("7K3M9Q2P"));
        assert_eq!(whole("oIl0 0000").as_deref(), Some("01100000"));
        assert_eq!(whole("7K3M-9Q2"), None);
        assert_eq!(whole(&"x".repeat(10_000)), None);
        assert_eq!(
            (code(0), code(31), code(1 << 35)),
            ("00000000".into(), "0000000Z".into(), "10000000".into())
        );
        assert_eq!(shown(&code(u64::MAX)), "ZZZZ-ZZZZ");
    }
}
