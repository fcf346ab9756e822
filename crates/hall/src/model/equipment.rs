//! What a hall is equipped with, beyond its windows.

::store::words! {
    /// What somebody may need in a hall. The order is that of the bits in the database: new ones go to the end.
    pub enum Equipment {
        /// Machines at which one does it oneself (自助服务终端).
        SelfService = "self-service",
        /// Such machines that one reaches by day and night (24小时自助区).
        AllNight = "all-night",
        /// One gets in and to the windows with a wheelchair (无障碍通道).
        Wheelchair = "wheelchair",
        /// A toilet for wheelchairs (无障碍卫生间).
        Toilet = "accessible-toilet",
        /// Somebody who signs (手语服务).
        Sign = "sign-language",
        /// Copies and prints (复印打印).
        Printer = "printer",
        /// Photographs for certificates (证件照).
        Photo = "photo-booth",
        /// A room for mothers and babies (母婴室).
        Nursing = "nursing-room",
        /// Places to park (停车位).
        Parking = "parking",
    }
}

/// Several of them; one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Equipped(i64);

impl Equipped {
    /// As the database has them.
    pub(crate) fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// One bit each.
    pub(crate) fn bits(self) -> i64 {
        self.0
    }

    /// With one more.
    #[must_use]
    pub fn and(self, one: Equipment) -> Self {
        Self(self.0 | 1 << (one as u32))
    }

    /// Whether it is among them.
    pub fn has(self, one: Equipment) -> bool {
        self.0 & 1 << (one as u32) != 0
    }

    /// Whether all of `others` are.
    pub fn covers(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One after another.
    pub fn iter(self) -> impl Iterator<Item = Equipment> {
        Equipment::ALL.iter().copied().filter(move |one| self.has(*one))
    }
}

impl FromIterator<Equipment> for Equipped {
    fn from_iter<I: IntoIterator<Item = Equipment>>(all: I) -> Self {
        all.into_iter().fold(Self::default(), Self::and)
    }
}

impl std::str::FromStr for Equipped {
    type Err = String;

    /// Words with spaces or commas between.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::parse).collect()
    }
}
