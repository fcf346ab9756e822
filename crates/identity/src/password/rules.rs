//! What a password must be: long enough, and none of those that are tried first. Nothing else (NIST SP 800-63B, 3.1.1.2).

use super::broken::{Why, broken};
use kernel::{Refusal, RefusalKind};
use unicode_normalization::UnicodeNormalization as _;

/// The fewest and the most characters.
const CHARACTERS: std::ops::RangeInclusive<usize> = 8..=128;

/// A password as it is hashed: in one of the ways in which Unicode can spell it (NFKC).
pub(crate) fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// Whether somebody may take a new password; `own` is what is known of them. The answer is its normal form.
///
/// # Errors
/// `identity.password-*` refusals at the field `new`.
pub(crate) fn new(password: &str, again: &str, own: &[&str]) -> Result<String, Refusal> {
    let no = |code: &'static str, field: &str, zh: &str, en: &str| {
        Err(Refusal::new(RefusalKind::Invalid, code, zh, en).field(field, zh, en))
    };
    let normal = normal(password);
    let count = normal.chars().count();
    if count < *CHARACTERS.start() {
        return no(
            "identity.password-short",
            "new",
            "密码至少8个字符，可以用一句话，汉字、空格都可以。",
            "At least 8 characters; a sentence will do, with spaces.",
        );
    }
    if count > *CHARACTERS.end() {
        return no("identity.password-long", "new", "密码最多128个字符。", "128 characters at most.");
    }
    match broken(&normal, own) {
        Some(Why::Usual) => no(
            "identity.password-broken",
            "new",
            "这个密码很多人在用，最先被猜到，请换一个。",
            "Many people use this password and it is guessed first; choose another.",
        ),
        Some(Why::Pattern) => no(
            "identity.password-pattern",
            "new",
            "这个密码是连续、重复的字符或纯数字，容易被猜到，请换一个。",
            "This password is a run, a repetition or digits alone and easily guessed; choose another.",
        ),
        Some(Why::Own) => no(
            "identity.password-own",
            "new",
            "密码里有您的账号或姓名，容易被猜到，请换一个。",
            "This password is made of your account or your name; choose another.",
        ),
        None if self::normal(again) != normal => no(
            "identity.password-again",
            "again",
            "两次输入的密码不一样。",
            "The two passwords are not the same.",
        ),
        None => Ok(normal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters_and_spelling_does_not_matter() {
        let own = ["citizen"];
        let code = |password: &str, again: &str| new(password, again, &own).unwrap_err().code.into_owned();
        assert_eq!(code("枣树枣花香", "枣树枣花香"), "identity.password-short");
        assert_eq!(code(&"长安".repeat(65), ""), "identity.password-long");
        assert_eq!(code("我家门前有两棵枣树", "我家门前有一棵枣树"), "identity.password-again");
        assert_eq!(new("ｔｗｏ ｔｒｅｅｓ ｈｅｒｅ", "two trees here", &own).unwrap(), "two trees here");
        assert_eq!(new("cafe\u{301} au coin", "café au coin", &own).unwrap(), "café au coin");
    }
}
