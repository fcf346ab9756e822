//! Our values on PostgreSQL's wire. Parameters are declared by what they are, so that the server guesses nothing.

use crate::Value;
use bytes::BytesMut;
use std::error::Error;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// The type a parameter is declared with; NULL leaves it to the server.
pub(crate) fn declared(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(n) => n.to_sql(ty, out),
            Self::Text(text) if text.contains('\0') => Err("text must not hold a zero character".into()),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            Type::NUMERIC => Self::Int(whole(raw).ok_or("a NUMERIC that is no whole number")?),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                Self::Text(std::str::from_utf8(raw)?.to_owned())
            }
            Type::VOID => Self::Null,
            _ => return Err(format!("a column of type {ty}: only BIGINT, TEXT and BYTEA are used").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The sum of BIGINTs comes as NUMERIC: digits to the base of 10,000, the first weighing 10,000^weight.
fn whole(raw: &[u8]) -> Option<i64> {
    let word = |i: usize| Some(u16::from_be_bytes([*raw.get(2 * i)?, *raw.get(2 * i + 1)?]));
    let count = usize::from(word(0)?);
    let weight = i64::from(word(1)?.cast_signed());
    let sign = match word(2)? {
        0 => 1,
        0x4000 => -1,
        _ => return None,
    };
    let mut total: i64 = 0;
    for position in 0..=weight {
        let index = usize::try_from(position).ok()?;
        let digit = if index < count { i64::from(word(4 + index)?) } else { 0 };
        total = total.checked_mul(10_000)?.checked_add(sign * digit)?;
    }
    let fraction_starts = usize::try_from(weight + 1).unwrap_or(0);
    for index in fraction_starts..count {
        if word(4 + index)? != 0 {
            return None;
        }
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_whole_numbers() {
        let wire = |words: &[u16]| words.iter().flat_map(|w| w.to_be_bytes()).collect::<Vec<u8>>();
        assert_eq!(whole(&wire(&[0, 0, 0, 0])), Some(0));
        assert_eq!(whole(&wire(&[2, 1, 0, 0, 12, 3456])), Some(123_456));
        assert_eq!(whole(&wire(&[1, 1, 0x4000, 0, 7])), Some(-70_000), "trailing zero digits are left out");
        assert_eq!(whole(&wire(&[2, 0, 0, 1, 1, 5000])), None, "1.5 is no whole number");
        assert_eq!(whole(&wire(&[1, 0xffff, 0, 1, 5000])), None, "0.5 is no whole number");
        assert_eq!(whole(&wire(&[1, 5, 0, 0, 1])), None, "10^20 is too large");
    }
}
