//! Themes that items are listed under (主题): the words of the national item library, by life event and life of a firm.

use kernel::Text;

/// A theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// The machine word in packs.
    pub id: String,
    /// Its name; the machine word when it has none yet.
    pub name: Text,
    /// Its icon.
    pub icon: &'static str,
    /// Where it stands in the list; unknown ones last.
    pub place: usize,
}

/// The machine word, the Chinese name, the English name and the icon, in the order shown.
const THEMES: [(&str, &str, &str, &str); 27] = [
    ("birth", "生育收养", "Birth and adoption", "baby"),
    ("household", "户籍办理", "Household registration", "family"),
    ("education", "教育科研", "Education and research", "school"),
    ("employment", "就业创业", "Work and starting a business", "briefcase"),
    ("social-security", "社会保障", "Social security", "shield"),
    ("social-insurance", "社会保险", "Social insurance", "shield"),
    ("health", "医疗卫生", "Health", "heart"),
    ("housing", "住房保障", "Housing", "home"),
    ("property", "不动产登记", "Property registration", "building"),
    ("marriage", "婚姻登记", "Marriage", "users"),
    ("transport", "交通出行", "Transport", "bus"),
    ("travel", "旅游出行", "Travel", "map"),
    ("tourism", "文化旅游", "Culture and tourism", "map"),
    ("vehicles", "车辆管理", "Vehicles", "car"),
    ("exit-entry", "出境入境", "Leaving and entering the country", "globe"),
    ("retirement", "离职退休", "Retirement", "leaf"),
    ("disability", "残疾服务", "Disability", "heart"),
    ("death", "死亡殡葬", "Death and funeral", "leaf"),
    ("legal", "司法公证", "Law and notary", "scale"),
    ("setting-up", "设立变更", "Setting up and changing a firm", "building"),
    ("permits", "准营准办", "Permits to operate", "stamp"),
    ("operation", "经营许可", "Business licences", "stamp"),
    ("qualification", "资质认证", "Qualifications", "certificate"),
    ("tax", "税收财务", "Tax and finance", "coins"),
    ("investment", "投资审批", "Investment approval", "government"),
    ("annual", "年检年审", "Annual inspection", "calendar"),
    ("closing", "注销退出", "Closing a firm", "folder"),
];

/// The theme with this machine word.
pub fn theme(id: &str) -> Theme {
    let known = THEMES.iter().enumerate().find(|(_, (word, ..))| *word == id);
    let (place, name, icon) = match known {
        Some((place, (_, zh, en, icon))) => (place, Text::new(*zh, *en), *icon),
        None => (THEMES.len(), Text::same(id), "folder"),
    };
    Theme { id: id.to_owned(), name, icon, place }
}

/// The name of a theme; its id when it has none yet.
pub fn theme_name(id: &str) -> Text {
    theme(id).name
}
