//! Tests of the codes: real ones, wrong ones, and every single slip of the pen.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;
use std::fmt::Display;
use std::str::FromStr;

const CITIZENS: [&str; 2] = ["11010519491231002X", "440524188001010014"];
const CREDITS: [&str; 5] = [
    "91350100M000100Y43",
    "11100000000013338W",
    "11441700007280420Y",
    "11341702486344515H",
    "12441500196720244T",
];
const ITEM: &str = "12441500196720244T3442199806003";
const CASE: &str = "12441500196720244T3442199806003202206230068";
const CERTIFICATES: [&str; 2] = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
];

/// The English sentence of the refusal.
fn refused<T: FromStr<Err = CodeError> + std::fmt::Debug>(text: &str) -> String {
    let error = text.parse::<T>().unwrap_err();
    assert!(!error.say.zh.is_empty() && error.say.zh != error.say.en);
    error.say.en
}

fn printed<T: FromStr<Err = CodeError> + Display>(text: &str) -> String {
    text.parse::<T>().unwrap_or_else(|e| panic!("{text}: {e}")).to_string()
}

#[test]
fn citizen_numbers() {
    for text in CITIZENS {
        assert_eq!(printed::<CitizenId>(text), text);
    }
    let one: CitizenId = "11010519491231002x".parse().unwrap();
    assert_eq!(one.as_str(), CITIZENS[0]);
    assert_eq!((one.birth(), one.sex(), one.division()), (date(1949, 12, 31), Sex::Female, "110105"));
    assert_eq!(one.mask(), "110***********002X");
    assert_eq!(format!("{one:?}"), "CitizenId(110***********002X)");
    assert_eq!((one.age_on(date(2026, 12, 30)), one.age_on(date(2026, 12, 31))), (76, 77));
    let other: CitizenId = CITIZENS[1].parse().unwrap();
    assert_eq!((other.sex(), other.plausible_on(date(2026, 1, 1))), (Sex::Male, false));
    assert!(refused::<CitizenId>("110105194912310021").contains("check character"));
    assert!(refused::<CitizenId>("440524198001010014").contains("check character"));
    assert!(refused::<CitizenId>("110105491231002").contains("15 digits"));
    assert!(refused::<CitizenId>("11010519490231002X").contains("no birth date"));
    assert!(refused::<CitizenId>("1101051949123100X2").contains("Character 17"));
    assert!(refused::<CitizenId>("11010519491231002").contains("this has 17"));
    assert!(refused::<CitizenId>("11010519491231002X ").contains("blank"));
    assert!(refused::<CitizenId>("1101051949123100２X").contains("cannot stand"));
    assert!(refused::<CitizenId>("").contains("Write the"));
    assert!(refused::<CitizenId>("00010519491231002X").contains("no province"));
}

#[test]
fn whose_number_it_is() {
    let made = |head: &str| {
        let check = check::mod_11_2(head).unwrap();
        format!("{head}{check}").parse::<CitizenId>().map(|id| id.holder())
    };
    assert_eq!(made("99999919900101001"), Ok(Holder::Example));
    assert_eq!(made("81000019900101001"), Ok(Holder::ResidenceCard));
    assert_eq!(made("83000019900101001"), Ok(Holder::ResidenceCard));
    assert_eq!(made("91184019900101001"), Ok(Holder::PermanentResident));
    assert_eq!(made("32010219900101001"), Ok(Holder::Citizen));
    assert!(made("99000019900101001").is_err());
}

#[test]
fn credit_codes() {
    for text in CREDITS {
        assert_eq!(printed::<CreditCode>(text), text);
    }
    let one: CreditCode = CREDITS[1].parse().unwrap();
    assert_eq!((one.class(), one.division(), one.organisation_code()), ("11", "100000", "000013338"));
    assert!(one.is_public_body() && one.authority().is_some());
    assert_eq!(printed::<CreditCode>("91350100m000100y43"), CREDITS[0]);
    assert!(refused::<CreditCode>("91350100M000100Y4Z").contains("no letter Z"));
    assert!(refused::<CreditCode>("91350211M0000XUF46").contains("does not fit"));
    assert!(refused::<CreditCode>("11440300007542785T").contains("does not fit"));
    assert!(refused::<CreditCode>("91350100M000100Y4").contains("this has 17"));
    let (kept, warnings) = CreditCode::import(" 91350211-M0000XUF46").unwrap();
    assert_eq!((kept.as_str(), warnings.len() >= 2), ("91350211M0000XUF46", true));
    assert_eq!(CreditCode::import(CREDITS[0]).unwrap().1, []);
}

#[test]
fn a_remainder_of_nought_gives_nought() {
    let mut met = 0;
    for serial in 0..400 {
        let organisation = format!("{serial:08}");
        let head = format!("91320100{organisation}{}", check::organisation(&organisation).unwrap());
        let code = format!("{head}{}", check::credit(&head).unwrap());
        assert_eq!(printed::<CreditCode>(&code), code);
        met += usize::from(code.ends_with('0'));
    }
    assert!(met > 0);
}

#[test]
fn item_codes() {
    assert_eq!(printed::<ImplementationCode>(ITEM), ITEM);
    let item: ImplementationCode = ITEM.parse().unwrap();
    assert_eq!((item.body(), item.level(), item.basic()), (CREDITS[4], 3, "442199806003"));
    let basic: BasicItemCode = item.basic().parse().unwrap();
    assert_eq!((basic.region(), basic.kind(), basic.main(), basic.sub()), ("44", "21", "99806", Some("003")));
    assert_eq!("000125004000".parse::<BasicItemCode>().unwrap().sub(), None);
    assert_eq!(ImplementationCode::new(&CREDITS[4].parse().unwrap(), 3, &basic).unwrap(), item);
    let handling = HandlingCode::new(&item, 7).unwrap();
    assert_eq!((handling.to_string(), handling.serial()), (format!("{ITEM}07"), 7));
    assert!(HandlingCode::new(&item, 100).is_err());
    // From a demonstration elsewhere: its credit code is made up.
    let made_up = "11440300007542785T4440709003000";
    assert!(refused::<ImplementationCode>(made_up).contains("does not fit"));
    assert_eq!(ImplementationCode::import(made_up).unwrap().1.len(), 1);
    assert!(refused::<ImplementationCode>("12441500196720244T9442199806003").contains("no level"));
    assert!(refused::<BasicItemCode>("992199806003").contains("province"));
    assert!(refused::<BasicItemCode>("4421998060").contains("12 characters"));
}

#[test]
fn case_numbers() {
    assert_eq!(printed::<CaseNumber>(CASE), CASE);
    let number: CaseNumber = CASE.parse().unwrap();
    assert_eq!((number.implementation(), number.date(), number.serial()), (ITEM, date(2022, 6, 23), 68));
    let item: ImplementationCode = ITEM.parse().unwrap();
    assert_eq!(CaseNumber::new(&item, date(2022, 6, 23), 68).unwrap(), number);
    let large = CaseNumber::new(&item, date(2026, 11, 22), 123_456).unwrap();
    assert_eq!((large.as_str().len(), large.serial()), (45, 123_456));
    assert!(CaseNumber::new(&item, date(2026, 11, 22), -1).is_err());
    assert!(CaseNumber::new(&item, date(2026, 11, 22), i64::MAX).is_err());
    assert!(refused::<CaseNumber>(&format!("{ITEM}202206230068 ")).contains("blank"));
    assert!(refused::<CaseNumber>(&format!("{ITEM}202206310068")).contains("no date"));
    assert!(refused::<CaseNumber>(&format!("{ITEM}2022062300068")).contains("leading 0"));
    assert!(refused::<CaseNumber>(&format!("{ITEM}20220623068")).contains("43 to 50"));
}

#[test]
fn certificate_identifiers() {
    for text in CERTIFICATES {
        assert_eq!(printed::<CertificateIdentifier>(text), text);
    }
    let one: CertificateIdentifier = CERTIFICATES[0].parse().unwrap();
    assert_eq!((one.issuer(), one.serial(), one.version()), ("11430000006122244L", "20230000403", 1));
    assert_eq!(CertificateIdentifier::new(one.kind(), one.issuer(), one.serial(), 1).unwrap(), one);
    assert!(CertificateIdentifier::new(one.kind(), one.issuer(), "a", 1).is_err());
    assert!(CertificateIdentifier::new(one.kind(), one.issuer(), "", 1).is_err());
    assert!(CertificateIdentifier::new(one.kind(), one.issuer(), "1", 1000).is_err());
    let wrong = CERTIFICATES[0].replace(".U", ".V");
    assert!(refused::<CertificateIdentifier>(&wrong).contains("check character"));
    assert_eq!(CertificateIdentifier::import(&wrong).unwrap().1.len(), 1);
    assert!(refused::<CertificateIdentifier>("1.2.156.3005.3.A.B.C.001.D").contains("five parts"));
}

#[test]
fn divisions() {
    let parents = |text: &str| {
        let mut division = text.parse::<Division>().unwrap();
        let mut out = Vec::new();
        while let Some(parent) = division.parent() {
            out.push(parent.to_string());
            division = parent;
        }
        out
    };
    assert_eq!(parents("440604010001"), ["440604010", "440604", "440600", "440000"]);
    assert_eq!(parents("441900003"), ["441900", "440000"]);
    assert_eq!(parents("429004"), ["429000", "420000"]);
    assert_eq!("441900".parse::<Division>().unwrap().level(), DivisionLevel::City);
    assert_eq!("320102".parse::<Division>().unwrap().padded(), "320102000000");
    assert!("320100".parse::<Division>().unwrap().contains(&"320102001".parse().unwrap()));
    assert!(!"320100".parse::<Division>().unwrap().contains(&"320500".parse().unwrap()));
    assert!(refused::<Division>("360983000000").contains("`360983`"));
    assert_eq!(Division::import("360983000000").unwrap().0.as_str(), "360983");
    for bad in ["", "3201", "990000", "320002", "32010a", "320000001", "3201020", "三二零一"] {
        assert!(bad.parse::<Division>().is_err(), "{bad}");
    }
}

#[test]
fn data_is_read_strictly() {
    assert_eq!(
        serde_json::to_string(&CITIZENS[0].parse::<CitizenId>().unwrap()).unwrap(),
        "\"11010519491231002X\""
    );
    assert!(serde_json::from_str::<CitizenId>("\"110105194912310021\"").is_err());
}

/// Every change of one character to another of the code's own is refused.
fn every_slip_is_seen<T: FromStr + Display>(code: &str, characters: &str, places: std::ops::Range<usize>) {
    for at in places {
        for c in characters.chars() {
            if code.as_bytes()[at] != u8::try_from(c).unwrap() {
                let slip = format!("{}{c}{}", &code[..at], &code[at + 1..]);
                assert!(slip.parse::<T>().is_err(), "{slip}");
            }
        }
    }
}

#[test]
fn one_wrong_character_is_always_seen() {
    for code in CITIZENS {
        every_slip_is_seen::<CitizenId>(code, "0123456789X", 0..18);
    }
    for code in CREDITS {
        every_slip_is_seen::<CreditCode>(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0..18);
    }
    for code in CERTIFICATES {
        every_slip_is_seen::<CertificateIdentifier>(
            code,
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.",
            0..code.len(),
        );
    }
    every_slip_is_seen::<ImplementationCode>(ITEM, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0..18);
}

proptest! {
    #[test]
    fn made_citizen_numbers_are_read_back(
        province in proptest::sample::select(PROVINCES.map(|p| p.0).to_vec()),
        county in 0u32..10_000, days in 0i32..70_000, sequence in 0u32..1_000,
    ) {
        let birth = date(1850, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let head = format!("{province}{county:04}{}{sequence:03}", birth.strftime("%Y%m%d"));
        let text = format!("{head}{}", check::mod_11_2(&head).unwrap());
        let id: CitizenId = text.parse().unwrap();
        prop_assert_eq!(id.birth(), birth);
        prop_assert_eq!(id.sex() == Sex::Male, sequence % 2 == 1);
        prop_assert_eq!(id.to_string(), text);
    }

    #[test]
    fn made_certificates_are_read_back(serial in "[0-9A-Z]{1,40}", version in 0u16..1000) {
        let kind = format!("{}001", CREDITS[1]);
        let made = CertificateIdentifier::new(&kind, CREDITS[3], &serial, version).unwrap();
        prop_assert_eq!(made.to_string().parse::<CertificateIdentifier>().unwrap(), made.clone());
        prop_assert_eq!((made.serial(), made.version()), (serial.as_str(), u32::from(version)));
    }

    #[test]
    fn any_text_is_answered(text in "(\\PC|[0-9A-ZX]){0,50}") {
        let _ = (text.parse::<CitizenId>(), CitizenId::import(&text));
        let _ = (text.parse::<CreditCode>(), CreditCode::import(&text));
        let _ = (text.parse::<BasicItemCode>(), BasicItemCode::import(&text));
        let _ = (text.parse::<ImplementationCode>(), ImplementationCode::import(&text));
        let _ = (text.parse::<HandlingCode>(), HandlingCode::import(&text));
        let _ = (text.parse::<CaseNumber>(), CaseNumber::import(&text));
        let _ = (text.parse::<CertificateIdentifier>(), CertificateIdentifier::import(&text));
        let _ = (text.parse::<Division>(), Division::import(&text));
    }
}
