//! Kinds that are written as one stable word in rows, forms and addresses.

/// Prints and parses types that have `ALL` and `word()`.
macro_rules! words {
    ($($name:ty),+ $(,)?) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.into_iter().find(|k| k.word() == text).ok_or_else(|| format!("{text:?} is none of them"))
            }
        }
    )+};
}
pub(crate) use words;
