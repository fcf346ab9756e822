//! Files that came with the form: each into its field; several that were chosen at once go to the papers that are still missing, by their
//! names, else in the order of the list.

use super::fill;
use crate::Room;
use cases::DraftView;
use catalog::planner::How;
use forms::Answers;
use identity::Clerk;
use kernel::{Failure, FieldError, Lang, Outcome, Text};
use page::Submitted;
use store::files::Upload;

/// The field of the page where several files are chosen at once.
pub(super) const SEVERAL: &str = "_files";

/// A paper that is still missing: its field and its name.
struct Gap {
    field: String,
    name: Text,
}

/// The papers to hand in that have no file yet, in the order of the form.
fn gaps(view: &DraftView, answers: &Answers) -> Vec<Gap> {
    let asked = |id: &String| {
        view.plan.papers.iter().any(|p| p.how == How::Asked && !p.optional && p.field.as_ref() == Some(id))
    };
    let empty = view.bundle.form().fields().filter(|f| asked(&f.id) && !answers.contains_key(&f.id));
    empty.map(|f| Gap { field: f.id.clone(), name: f.label.clone() }).collect()
}

/// How many papers are still missing: with several of them it is worth choosing at once.
pub(super) fn missing(view: &DraftView) -> usize {
    gaps(view, &view.answers).len()
}

/// The letters of a name: neither ending nor numbers, spaces or signs.
fn letters(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// Whether a file's name is that of a paper, or a part of it.
fn named(file: &str, paper: &Text) -> bool {
    let file = letters(file);
    // Two Han characters are a word, as in 合同; so few Latin letters lie in any.
    let least = if file.is_ascii() { 5 } else { 2 };
    let fits = |name: &str| {
        let name = letters(name);
        file.chars().count() >= least && (name.contains(&file) || !name.is_empty() && file.contains(&name))
    };
    fits(&paper.zh) || fits(&paper.en)
}

/// Which of these gaps each file fills: by its name, else the next that is left.
fn places(files: &[&str], gaps: &[Gap]) -> Vec<Option<usize>> {
    let mut taken = vec![false; gaps.len()];
    let mut placed: Vec<Option<usize>> = files
        .iter()
        .map(|file| {
            let at = (0..gaps.len()).find(|at| !taken[*at] && named(file, &gaps[*at].name))?;
            taken[at] = true;
            Some(at)
        })
        .collect();
    for place in placed.iter_mut().filter(|place| place.is_none()) {
        let free = taken.iter().position(|taken| !taken);
        if let Some(at) = free {
            taken[at] = true;
        }
        *place = free;
    }
    placed
}

/// Keeps the files that came and puts them into their fields; each is refused by itself.
pub(super) async fn attach(
    room: &Room,
    who: &Clerk,
    view: &DraftView,
    sent: &Submitted,
    answers: &mut Answers,
) -> Outcome<Vec<FieldError>> {
    let (form, mut errors) = (view.bundle.form(), Vec::new());
    let gaps = gaps(view, answers);
    let several: Vec<_> = sent.files().iter().filter(|u| u.field == SEVERAL).collect();
    let names: Vec<&str> = several.iter().map(|u| u.name.as_str()).collect();
    let places = places(&names, &gaps);
    let placed =
        several.into_iter().zip(places).map(|(upload, at)| (upload, at.map(|at| gaps[at].field.as_str())));
    let own = sent.files().iter().filter(|u| u.field != SEVERAL).map(|u| (u, Some(u.field.as_str())));
    for (upload, field) in own.chain(placed) {
        let say = match field {
            None => no_gap(&upload.name),
            Some(field) => {
                let file = Upload { name: upload.name.clone(), bytes: upload.bytes.clone() };
                match fill::keep(room, who, file).await {
                    Ok(info) if form.attach(answers, field, info.id, &info.name) => continue,
                    Ok(_) => Text::new("这一栏不能再添加文件了。", "This field takes no more files."),
                    Err(Failure::Refused(no)) => Text::new(no.sentence(Lang::ZhCn), no.sentence(Lang::En)),
                    Err(fault) => return Err(fault),
                }
            }
        };
        errors.push(FieldError { field: field.unwrap_or(SEVERAL).to_owned(), say });
    }
    Ok(errors)
}

fn no_gap(name: &str) -> Text {
    Text::new(
        format!("“{name}”没有对应的材料：要交的都有了。"),
        format!("There is no paper left for “{name}”: all that are needed are there."),
    )
}

#[cfg(test)]
mod tests {
    use super::{Gap, places};
    use kernel::Text;

    fn gap(zh: &str) -> Gap {
        Gap { field: zh.to_owned(), name: Text::new(zh, "") }
    }

    #[test]
    fn files_go_by_name_and_else_in_order() {
        let gaps = [gap("存量房买卖合同"), gap("共有人（配偶）同意出售的声明"), gap("原房屋权属证书")];
        assert_eq!(places(&["1.pdf", "2.pdf", "3.pdf"], &gaps), [Some(0), Some(1), Some(2)]);
        assert_eq!(places(&["权属证书.jpg", "合同 2.pdf", "x.pdf"], &gaps), [Some(2), Some(0), Some(1)]);
        assert_eq!(
            places(&["1.pdf", "2.pdf", "3.pdf", "4.pdf"], &gaps)[3],
            None,
            "nothing is put where it does not belong"
        );
        assert_eq!(places(&["同意出售的声明.png"], &gaps), [Some(1)]);
        let latin =
            [Gap { field: "r".to_owned(), name: Text::new("住所", "Proof of residence") }, gap("合同")];
        assert_eq!(places(&["合同.jpg", "id.jpg"], &latin), [Some(1), Some(0)]);
        assert_eq!(
            places(&["id.jpg", "residence.jpg"], &latin),
            [Some(1), Some(0)],
            "`id` lies in `residence` by chance"
        );
    }
}
