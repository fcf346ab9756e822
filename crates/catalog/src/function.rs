//! Functions that agencies have at every level (民政, 消防…), by the word packs and agencies use.

use crate::Level;
use kernel::Text;

const FUNCTIONS: [(&str, &str, &str); 34] = [
    ("applicant", "申请人自备", "the applicant"),
    ("bank", "银行", "a bank"),
    ("civil-affairs", "民政", "civil affairs"),
    ("committee", "村（居）民委员会", "the village or neighbourhood committee"),
    ("court", "人民法院", "a court"),
    ("disabled", "残疾人联合会", "the disabled persons’ federation"),
    ("drainage", "排水", "drainage"),
    ("education", "教育", "education"),
    ("emergency", "应急管理", "emergency management"),
    ("employer", "用人单位", "the employer"),
    ("finance", "财政", "finance"),
    ("fire", "消防救援", "fire and rescue"),
    ("health", "卫生健康", "health"),
    ("healthcare-security", "医疗保障", "healthcare security"),
    ("hospital", "医疗机构", "a hospital"),
    ("housing", "住房和城乡建设", "housing"),
    ("housing-fund", "住房公积金", "housing fund"),
    ("insurer", "保险机构", "an insurer"),
    ("intermediary", "中介服务机构", "an intermediary"),
    ("justice", "司法行政", "justice"),
    ("market", "市场监督管理", "market regulation"),
    ("military", "部队", "the armed forces"),
    ("natural-resources", "自然资源", "natural resources"),
    ("notary", "公证机构", "a notary"),
    ("police", "公安", "public security"),
    ("school", "学校", "a school"),
    ("social-insurance", "社会保险", "social insurance"),
    ("social-security", "人力资源和社会保障", "human resources and social security"),
    ("tax", "税务", "tax"),
    ("transport", "交通运输", "transport"),
    ("urban-management", "城市管理", "urban management"),
    ("veterans", "退役军人事务", "veterans affairs"),
    ("village", "村（居）民委员会", "the village or neighbourhood committee"),
    ("water", "水务", "water"),
];

/// What a function is called; its id when it has no name yet.
pub fn function_name(id: &str) -> Text {
    let known = FUNCTIONS.iter().find(|(function, _, _)| *function == id);
    known.map_or_else(|| Text::same(id), |(_, zh, en)| Text::new(*zh, *en))
}

/// The agency with this function at this level, as long as the place is not known: 区县民政部门.
pub fn level_name(function: &str, level: Level) -> Text {
    let name = function_name(function);
    let (zh, en) = match level {
        Level::Town => ("镇街", "town"),
        Level::County => ("区县", "county or district"),
        Level::City => ("市级", "city"),
        Level::Province => ("省级", "province"),
    };
    Text::new(format!("{zh}{}部门", name.zh), format!("{} office of the {en}", name.en))
}
