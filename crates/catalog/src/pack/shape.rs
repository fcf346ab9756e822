//! What the YAML reader says of a wrong shape, in Chinese: its few kinds of sentence are known, and what it quotes stays.

/// The reader's message in Chinese; for a kind of sentence that is not known, a plain one with what was said.
pub fn chinese(said: &str) -> String {
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    let first = quoted.first().copied().unwrap_or_default();
    let rest = quoted.get(1..).unwrap_or_default().join("、");
    let expected =
        said.split_once("expected ").map(|(_, e)| e.trim().trim_end_matches('.')).unwrap_or_default();
    let known = [
        ("unknown field", format!("没有“{first}”这一项；这里可以写：{rest}。")),
        ("unknown variant", format!("“{first}”不是可选的词；可以写：{rest}。")),
        ("missing field", format!("缺少“{first}”这一项。")),
        ("duplicate field", format!("“{first}”写了两次。")),
        ("duplicate", "同一项写了两次。".to_owned()),
        ("is no term", format!("“{first}”不是期限：请写 5wd（工作日）、4wh（工作小时）或 30d（自然日）。")),
        ("in the term", format!("期限“{first}”的数目太大。")),
        (
            "takes no step",
            format!(
                "“{first}”不能办理步骤：请写 automatic、clerk、部门代码（如 nanjing.transport）、civil-affairs@county、external:fire-line，或几个部门的列表。"
            ),
        ),
        ("names no line system", format!("“{first}”不是业务系统：请写 external:fire-line 这样的形式。")),
        (
            "no function at a level",
            format!("“{first}”不是某级的职能：请写 civil-affairs@town、@county、@city 或 @province。"),
        ),
        ("no agency code", format!("“{first}”不是部门代码，例如 nanjing.transport。")),
        ("did not match any variant", "这里的写法不对，请对照说明（yimen pack schema）。".to_owned()),
        ("invalid type", format!("这里的类型不对，应为{}。", noun(expected))),
        ("invalid value", format!("这里的值不对，应为{}。", noun(expected))),
        ("expected", format!("这里的写法不对，应为{}。", noun(expected))),
    ];
    let found = known.into_iter().find(|(sign, _)| said.contains(sign)).map(|(_, zh)| zh);
    found.unwrap_or_else(|| format!("不是有效的 YAML，请检查缩进、引号和括号（{said}）。"))
}

/// What the reader expected, in Chinese.
fn noun(expected: &str) -> String {
    let words = [
        ("sequence", "列表"),
        ("map", "键值"),
        ("struct", "键值"),
        ("string", "文本"),
        ("boolean", "true 或 false"),
        ("bool", "true 或 false"),
        ("u8", "0到255的整数"),
        ("u16", "0到65535的整数"),
        ("u32", "整数"),
        ("i64", "整数"),
        ("integer", "整数"),
        ("date", "日期，例如 2026-11-22"),
        ("number", "数字"),
    ];
    let known = words.iter().find(|(en, _)| expected.contains(en)).map(|(_, zh)| (*zh).to_owned());
    known.unwrap_or_else(|| if expected.is_empty() { "别的内容".to_owned() } else { expected.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::chinese;

    #[test]
    fn the_usual_mistakes_are_said_in_chinese() {
        for (said, zh) in [
            (
                "unknown field `vists`, expected one of `visits`, `basis`",
                "没有“vists”这一项；这里可以写：visits、basis。",
            ),
            ("missing field `complain`", "缺少“complain”这一项。"),
            ("invalid type: string \"many\", expected u8", "这里的类型不对，应为0到255的整数。"),
            (
                "`20 days` is no term: write 5wd",
                "“20 days”不是期限：请写 5wd（工作日）、4wh（工作小时）或 30d（自然日）。",
            ),
        ] {
            assert_eq!(chinese(said), zh);
        }
        assert!(chinese("found a tab").contains("YAML"));
    }
}
