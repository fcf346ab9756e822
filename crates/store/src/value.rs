//! The only values that cross to a database: BIGINT, TEXT, BYTEA and NULL; and how rows become structs.

use kernel::{Fault, Timestamp, clock};

/// A parameter or a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BIGINT: counts, microseconds since 1970, fen.
    Int(i64),
    /// TEXT.
    Text(String),
    /// BYTEA.
    Bytes(Vec<u8>),
}

/// Something that can be given as a parameter.
pub trait ToValue {
    /// The parameter.
    fn to_value(&self) -> Value;
}

/// Something that can be read from a column.
pub trait FromValue: Sized {
    /// Reads the column; the error says what was expected.
    ///
    /// # Errors
    /// When the column holds another type, or NULL where none is allowed.
    fn from_value(value: Value) -> Result<Self, String>;
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, String> {
        if value == Value::Null { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

macro_rules! integers {
    ($($t:ty),+) => {$(
        impl ToValue for $t {
            fn to_value(&self) -> Value {
                Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        }
        impl FromValue for $t {
            fn from_value(value: Value) -> Result<Self, String> {
                match value {
                    Value::Int(n) => <$t>::try_from(n).map_err(|e| format!("{n}: {e}")),
                    other => Err(format!("expected a number, found {other:?}")),
                }
            }
        }
    )+};
}
integers!(i64, i32, u32, u16, u8, usize, u64);

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, String> {
        i64::from_value(value).map(|n| n != 0)
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(format!("expected text, found {other:?}")),
        }
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(format!("expected bytes, found {other:?}")),
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value) -> Result<Self, String> {
        let bytes = Vec::<u8>::from_value(value)?;
        <[u8; N]>::try_from(bytes).map_err(|b| format!("expected {N} bytes, found {}", b.len()))
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Value {
        Value::Int(self.as_microsecond())
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Value) -> Result<Self, String> {
        i64::from_value(value).map(clock::from_micros)
    }
}

/// Stores types that print and parse themselves as TEXT: `text_column!(CaseId, CaseNumber);`
#[macro_export]
macro_rules! text_column {
    ($($t:ty),+ $(,)?) => {$(
        impl $crate::ToValue for $t {
            fn to_value(&self) -> $crate::Value {
                $crate::Value::Text(self.to_string())
            }
        }
        impl $crate::FromValue for $t {
            fn from_value(value: $crate::Value) -> Result<Self, String> {
                let text = <String as $crate::FromValue>::from_value(value)?;
                text.parse().map_err(|e| format!("{text:?} is no {}: {e}", stringify!($t)))
            }
        }
    )+};
}

/// Declares an enum of stable words: `words! { /// doc pub enum Means { /// doc Cash = "cash" } }`.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text { $($word => Ok(Self::$variant),)+ other => Err(format!("{other:?} is none of its words")) }
            }
        }

        $crate::text_column!($name);
    };
}

text_column!(
    kernel::PersonId,
    kernel::OrganisationId,
    kernel::AccountId,
    kernel::CommandId,
    kernel::FileId,
    kernel::SubjectId
);

/// One row of an answer, columns in the order of the SELECT.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// Takes column `index` out of the row.
    ///
    /// # Errors
    /// A [`Fault`] that names the column when it is missing or of another type.
    pub fn take<T: FromValue>(&mut self, index: usize) -> Result<T, Fault> {
        let value =
            self.0.get_mut(index).ok_or_else(|| Fault::new(format!("the row has no column {index}")))?;
        T::from_value(std::mem::replace(value, Value::Null))
            .map_err(|e| Fault::new(format!("column {index}: {e}")))
    }

    /// The row without its first `count` columns: what a join put in front of another row.
    #[must_use]
    pub fn skip(mut self, count: usize) -> Self {
        self.0.drain(..count.min(self.0.len()));
        self
    }
}

/// A struct that is read from a row, column by column.
pub trait FromRow: Sized {
    /// Reads the row.
    ///
    /// # Errors
    /// A [`Fault`] when the columns do not fit.
    fn from_row(row: Row) -> Result<Self, Fault>;
}

macro_rules! tuples {
    ($(($($t:ident $i:tt),+);)+) => {$(
        impl<$($t: FromValue),+> FromRow for ($($t,)+) {
            fn from_row(mut row: Row) -> Result<Self, Fault> {
                Ok(($(row.take::<$t>($i)?,)+))
            }
        }
    )+};
}
tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, G 5);
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6);
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7);
}

/// Declares a struct whose fields are the columns of a SELECT, in order:
/// `row! { /// doc pub struct Inbox { /// doc pub id: TaskId, … } }`
#[macro_export]
macro_rules! row {
    ($(#[$doc:meta])* $vis:vis struct $name:ident { $($(#[$fdoc:meta])* $fvis:vis $field:ident : $t:ty),+ $(,)? }) => {
        $(#[$doc])* #[derive(Debug, Clone)]
        $vis struct $name { $($(#[$fdoc])* $fvis $field: $t),+ }
        impl $crate::FromRow for $name {
            #[allow(unused_assignments)]
            fn from_row(mut row: $crate::Row) -> Result<Self, kernel::Fault> {
                let mut column = 0usize;
                $(let $field = row.take::<$t>(column).map_err(|f| f.while_doing(concat!(stringify!($name), ".", stringify!($field))))?; column += 1;)+
                Ok(Self { $($field),+ })
            }
        }
    };
}

/// Parameters for a statement: `params![case.id, now, "x"]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::ToValue::to_value(&$value)),*] };
}
