//! Themes that items are listed under (主题): the words of the national item library, by life event and life of a firm.

use kernel::Text;

const THEMES: [(&str, &str, &str); 27] = [
    ("birth", "生育收养", "Birth and adoption"),
    ("household", "户籍办理", "Household registration"),
    ("education", "教育科研", "Education and research"),
    ("employment", "就业创业", "Work and starting a business"),
    ("social-security", "社会保障", "Social security"),
    ("social-insurance", "社会保险", "Social insurance"),
    ("health", "医疗卫生", "Health"),
    ("housing", "住房保障", "Housing"),
    ("property", "不动产登记", "Property registration"),
    ("marriage", "婚姻登记", "Marriage"),
    ("transport", "交通出行", "Transport"),
    ("travel", "旅游出行", "Travel"),
    ("tourism", "文化旅游", "Culture and tourism"),
    ("vehicles", "车辆管理", "Vehicles"),
    ("exit-entry", "出境入境", "Leaving and entering the country"),
    ("retirement", "离职退休", "Retirement"),
    ("disability", "残疾服务", "Disability"),
    ("death", "死亡殡葬", "Death and funeral"),
    ("legal", "司法公证", "Law and notary"),
    ("setting-up", "设立变更", "Setting up and changing a firm"),
    ("permits", "准营准办", "Permits to operate"),
    ("operation", "经营许可", "Business licences"),
    ("qualification", "资质认证", "Qualifications"),
    ("tax", "税收财务", "Tax and finance"),
    ("investment", "投资审批", "Investment approval"),
    ("annual", "年检年审", "Annual inspection"),
    ("closing", "注销退出", "Closing a firm"),
];

/// The name of a theme; its id when it has none yet.
pub fn theme_name(id: &str) -> Text {
    let known = THEMES.iter().find(|(theme, _, _)| *theme == id);
    known.map_or_else(|| Text::same(id), |(_, zh, en)| Text::new(*zh, *en))
}
