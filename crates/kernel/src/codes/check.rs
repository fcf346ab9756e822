//! The check characters: ISO 7064 MOD 11-2 and MOD 37,36, GB 32100 (modulo 31) and GB 11714 (modulo 11).

/// The characters of GB 32100, in order of their values; without I, O, S, V, Z.
pub(super) const CREDIT_CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The value of `c` in 0-9A-Z.
fn value36(c: char) -> Option<u32> {
    c.to_digit(36).filter(|_| !c.is_ascii_lowercase())
}

/// The character of a value in 0-9A-Z.
fn char36(value: u32) -> Option<char> {
    char::from_digit(value, 36).map(|c| c.to_ascii_uppercase())
}

/// MOD 11-2 over the first 17 digits of a citizen number.
pub(super) fn mod_11_2(digits: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let mut sum = 0;
    for (c, weight) in digits.chars().zip(WEIGHTS) {
        sum += c.to_digit(10)? * weight;
    }
    let check = "10X98765432".chars();
    check.into_iter().nth(usize::try_from(sum % 11).ok()?)
}

/// The last character of a credit code from the first 17; a remainder of 0 gives `0`, not the 31st character.
pub(super) fn credit(first: &str) -> Option<char> {
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let mut sum = 0;
    for (c, weight) in first.chars().zip(WEIGHTS) {
        sum += CREDIT_CHARACTERS.find(c)? * weight;
    }
    CREDIT_CHARACTERS.chars().nth((31 - sum % 31) % 31)
}

/// The last character of an organisation code from the first 8.
pub(super) fn organisation(first: &str) -> Option<char> {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let mut sum = 0;
    for (c, weight) in first.chars().zip(WEIGHTS) {
        sum += value36(c)? * weight;
    }
    match 11 - sum % 11 {
        11 => Some('0'),
        10 => Some('X'),
        n => char36(n),
    }
}

/// MOD 37,36 over any text of 0-9A-Z.
pub(super) fn mod_37_36(text: &str) -> Option<char> {
    let mut p = 36;
    for c in text.chars() {
        p = (p + value36(c)?) % 36;
        if p == 0 {
            p = 36;
        }
        p = p * 2 % 37;
    }
    char36((37 - p) % 36)
}
