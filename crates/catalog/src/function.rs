//! Functions that agencies have at every level (民政, 消防…), by the word packs and agencies use.

use crate::Level;
use kernel::Text;

const FUNCTIONS: [(&str, &str, &str); 14] = [
    ("civil-affairs", "民政", "civil affairs"),
    ("drainage", "排水", "drainage"),
    ("education", "教育", "education"),
    ("fire", "消防救援", "fire and rescue"),
    ("health", "卫生健康", "health"),
    ("housing", "住房和城乡建设", "housing"),
    ("market", "市场监督管理", "market regulation"),
    ("natural-resources", "自然资源", "natural resources"),
    ("police", "公安", "public security"),
    ("social-security", "人力资源和社会保障", "human resources and social security"),
    ("tax", "税务", "tax"),
    ("transport", "交通运输", "transport"),
    ("urban-management", "城市管理", "urban management"),
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
