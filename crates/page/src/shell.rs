//! What `layout.html` reads as `shell`: title, breadcrumb, look, and everything in the head and the foot.

use crate::{Badge, Ctx, Site, WORDS, format};
use kernel::Lang;
use std::borrow::Cow;
use std::sync::Arc;

/// A link of the breadcrumb or of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The words on it.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// The frame around a page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The page's title, which is also the last word of the breadcrumb.
    pub title: String,
    /// The links between home and this page.
    pub crumbs: Vec<Link>,
    /// The links of the main navigation.
    pub nav: Vec<Link>,
    /// The reader's language.
    pub lang: Lang,
    /// Big print.
    pub big: bool,
    /// Staff look.
    pub desk: bool,
    /// Wide column.
    pub wide: bool,
    /// Whether the breadcrumb is left out (home page only).
    pub bare: bool,
    /// A machine or a screen in a hall: no sign-in, no navigation, no foot.
    pub alone: bool,
    /// Path of this page.
    pub path: String,
    /// Path and query of this page, for coming back to it.
    pub back: String,
    /// Who is signed in.
    pub badge: Option<Badge>,
    /// The form token.
    pub csrf: String,
    /// The site.
    pub site: Arc<Site>,
    /// What the demonstration's clock shows, when it is set ahead.
    pub demo_now: Option<String>,
    /// Reference number.
    pub request_id: String,
}

impl Shell {
    /// The frame of the page called `title`.
    pub fn new(ctx: &Ctx, title: impl Into<String>) -> Self {
        let say = |key| WORDS.say(ctx.lang).t(key).into_owned();
        let nav = [
            ("nav-home", "/"),
            ("nav-items", "/items"),
            ("nav-space", "/space"),
            ("nav-verify", "/verify"),
            ("nav-help", "/help"),
        ];
        Self {
            title: title.into(),
            crumbs: Vec::new(),
            nav: nav.into_iter().map(|(key, href)| Link { label: say(key), href: href.to_owned() }).collect(),
            lang: ctx.lang,
            big: ctx.big,
            desk: false,
            wide: false,
            bare: false,
            alone: false,
            path: ctx.path.clone(),
            back: if ctx.query.is_empty() { ctx.path.clone() } else { format!("{}?{}", ctx.path, ctx.query) },
            badge: ctx.badge.clone(),
            csrf: ctx.csrf.clone(),
            site: Arc::clone(&ctx.site),
            demo_now: (ctx.site.demo && ctx.site.demo_ahead).then(|| {
                WORDS.say(ctx.lang).with("demo-strip-ahead", &[("now", format::moment(ctx.lang, ctx.now))])
            }),
            request_id: ctx.request_id.clone(),
        }
    }

    /// Adds a link between home and this page to the breadcrumb.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Link { label: label.into(), href: href.into() });
        self
    }

    /// Stands alone, on a kiosk or a calling screen: nothing there leads away from it.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self.wide = true;
        self
    }

    /// The staff look: breadcrumb from the desk, staff navigation.
    #[must_use]
    pub fn desk(mut self) -> Self {
        self.desk = true;
        self.wide = true;
        let say = |key| WORDS.say(self.lang).t(key).into_owned();
        self.nav = vec![
            Link { label: say("nav-desk"), href: "/desk".to_owned() },
            Link { label: say("nav-items"), href: "/items".to_owned() },
            Link { label: say("nav-verify"), href: "/verify".to_owned() },
            Link { label: say("nav-my-looks"), href: "/desk/my-looks".to_owned() },
        ];
        self
    }

    /// Replaces the main navigation.
    #[must_use]
    pub fn nav(mut self, links: impl IntoIterator<Item = (String, String)>) -> Self {
        self.nav = links.into_iter().map(|(label, href)| Link { label, href }).collect();
        self
    }

    /// A wide column, for tables and side-by-side pages.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Without breadcrumb and page heading: the home page.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// A word of the shell.
    pub fn t(&self, key: &'static str) -> Cow<'static, str> {
        WORDS.say(self.lang).t(key)
    }

    /// The address of an asset with its content's hash.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::url(name)
    }

    /// Whether the navigation link `href` leads to where this page is.
    pub fn here(&self, href: &str) -> bool {
        href == self.path
            || (href != "/" && self.path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Whether a member of staff is signed in.
    pub fn is_staff(&self) -> bool {
        self.badge.as_ref().is_some_and(|badge| badge.staff)
    }

    /// The other language.
    pub fn other_lang(&self) -> Lang {
        match self.lang {
            Lang::ZhCn => Lang::En,
            Lang::En => Lang::ZhCn,
        }
    }

    /// Where the breadcrumb begins.
    pub fn start(&self) -> Link {
        if self.desk {
            Link { label: self.t("nav-desk").into_owned(), href: "/desk".to_owned() }
        } else {
            Link { label: self.t("nav-home").into_owned(), href: "/".to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demonstration_whose_clock_is_ahead_says_what_it_shows() {
        let mut ctx = Ctx::sample(Lang::ZhCn);
        assert_eq!(Shell::new(&ctx, "首页").demo_now, None);
        let ahead = Site { demo_ahead: true, ..Site::demo() };
        ctx.site = Arc::new(ahead.clone());
        let shown = Shell::new(&ctx, "首页").demo_now.unwrap();
        assert!(shown.contains(&format::moment(Lang::ZhCn, ctx.now)), "{shown}");
        ctx.site = Arc::new(Site { demo: false, ..ahead });
        assert_eq!(Shell::new(&ctx, "首页").demo_now, None, "only a demonstration's clock is shown");
    }
}
