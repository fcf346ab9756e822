//! What the home page needs of the catalog: every service with its themes, read again after half a minute.

use catalog::{Audience, Filter, Handling};
use kernel::{AgencyCode, Fault, Lang, Text, Timestamp};
use page::{House, words::Say};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::view::{ItemCard, ThemeCard, ThemeLink};

/// How long a shelf is shown before it is read again.
const KEPT_SECONDS: i64 = 30;
/// How many services are counted as asked for most.
const USED: i64 = 6;
/// The most services a home page is made from.
const ITEMS_MAX: usize = 500;

/// A service on the shelf.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// The agency.
    pub agency: AgencyCode,
    /// Whether it is done at once.
    pub instant: bool,
    /// The promised term in words.
    pub term: Text,
    /// Visits needed.
    pub visits: u8,
    /// Its themes.
    pub themes: Vec<String>,
    /// Whether persons may apply.
    pub people: bool,
    /// Whether firms may apply.
    pub firms: bool,
    /// Since when this version stands.
    pub published_at: Timestamp,
}

/// All services, and the names of the agencies.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// The services, by key.
    pub items: Vec<Shown>,
    /// The agencies' names.
    pub agencies: BTreeMap<String, Text>,
    /// What registers and data elements are called.
    pub words: BTreeMap<String, Text>,
    /// The joint matters, by id.
    pub joint: Vec<Joint>,
    /// The keys of the services filed most lately, the most first.
    pub used: Vec<String>,
    /// The keys of the services that one can be entitled to without applying.
    pub entitling: Vec<String>,
}

/// A joint matter on the shelf.
#[derive(Debug, Clone)]
pub struct Joint {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// What it is.
    pub what: Text,
    /// Its icon.
    pub icon: String,
}

/// The shelf of this server, kept for a moment.
#[derive(Default)]
pub struct Shelves {
    kept: Mutex<Option<(Timestamp, Arc<Shelf>)>>,
}

impl Shelves {
    /// The shelf, read from the database when it is older than half a minute.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn get(&self, house: &House) -> Result<Arc<Shelf>, Fault> {
        let now = house.ground.clock.now();
        if let Some((at, shelf)) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && now.as_second() - at.as_second() < KEPT_SECONDS
        {
            return Ok(Arc::clone(shelf));
        }
        let shelf = Arc::new(read(house).await?);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&shelf)));
        Ok(shelf)
    }
}

async fn read(house: &House) -> Result<Shelf, Fault> {
    let store = &house.ground.store;
    let filter = Filter { limit: ITEMS_MAX, ..Filter::default() };
    let (mut items, mut entitling) = (Vec::new(), Vec::new());
    for listed in catalog::list(store, &filter).await? {
        let Some(published) = catalog::version(store, listed.id).await? else { continue };
        let item = &published.item;
        if item.entitlement.is_some() {
            entitling.push(listed.key.clone());
        }
        items.push(Shown {
            key: listed.key,
            name: item.name.clone(),
            agency: item.agency.clone(),
            instant: item.handling == Handling::Instant,
            term: item.terms.promised.text(),
            visits: item.visits,
            themes: item.themes.clone(),
            people: item.audience.contains(&Audience::Person),
            firms: item.audience.contains(&Audience::Organisation),
            published_at: published.published_at,
        });
    }
    let agencies =
        identity::agencies(store).await?.into_iter().map(|a| (a.code.to_string(), a.name)).collect();
    let joint = catalog::themes(store).await?;
    let joint = joint.iter().map(|t| Joint {
        id: t.id.clone(),
        name: t.name.clone(),
        what: t.what.clone(),
        icon: t.icon.clone(),
    });
    let shared = catalog::shared(store).await?;
    let elements = shared.elements.iter().map(|e| (e.id.clone(), e.name.clone()));
    let words = elements.chain(shared.registers.iter().map(|r| (r.id.clone(), r.name.clone()))).collect();
    let used = cases::most_filed(store, USED).await?.into_iter().map(|(key, _)| key).collect();
    Ok(Shelf { items, agencies, words, joint: joint.collect(), used, entitling })
}

impl Shelf {
    /// The name of an agency; its code when it has none.
    pub fn agency(&self, code: &AgencyCode, lang: Lang) -> String {
        self.agencies.get(code.as_str()).map_or_else(|| code.to_string(), |name| name.get(lang).to_owned())
    }

    /// The card of a service.
    pub fn card(&self, item: &Shown, say: Say) -> ItemCard {
        let term = if item.instant {
            say.t("item-instant").into_owned()
        } else {
            say.with("item-within", &[("term", item.term.get(say.lang).to_owned())])
        };
        let visits: std::borrow::Cow<'_, str> =
            if item.visits == 0 { say.t("item-no-visit") } else { "".into() };
        let icon = item.themes.first().map_or("document", |id| catalog::theme(id).icon);
        ItemCard {
            href: format!("/items/{}", item.key),
            name: item.name.get(say.lang).to_owned(),
            agency: self.agency(&item.agency, say.lang),
            notes: [term, visits.into_owned()].into_iter().filter(|note| !note.is_empty()).collect(),
            icon,
        }
    }

    /// The services filed most lately, then the others in the order of the shelf.
    pub fn most_used(&self, most: usize) -> Vec<&Shown> {
        let place = |item: &&Shown| self.used.iter().position(|key| *key == item.key).unwrap_or(usize::MAX);
        let mut sorted: Vec<&Shown> = self.items.iter().collect();
        sorted.sort_by_key(place);
        sorted.truncate(most);
        sorted
    }

    /// The cards of the joint matters.
    pub fn theme_cards(&self, lang: Lang) -> Vec<ThemeCard> {
        let card = |joint: &Joint| ThemeCard {
            href: format!("/themes/{}", joint.id),
            name: joint.name.get(lang).to_owned(),
            what: joint.what.get(lang).to_owned(),
            icon: joint.icon.clone(),
        };
        self.joint.iter().map(card).collect()
    }

    /// The themes with services for an audience, in the national order, empty ones left out.
    pub fn themes(&self, audience: &str, lang: Lang) -> Vec<ThemeLink> {
        let fits = |item: &&Shown| if audience == "person" { item.people } else { item.firms };
        let mut counts: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for item in self.items.iter().filter(fits) {
            for id in &item.themes {
                *counts.entry((catalog::theme(id).place, id)).or_default() += 1;
            }
        }
        let link = |((_, id), count): ((usize, &str), usize)| {
            let theme = catalog::theme(id);
            ThemeLink {
                href: format!("/items?audience={audience}&theme={id}"),
                name: theme.name.get(lang).to_owned(),
                icon: theme.icon,
                count,
            }
        };
        counts.into_iter().map(link).collect()
    }

    /// The services whose guide changed last, with the day.
    pub fn news(&self, say: Say, most: usize) -> Vec<(ItemCard, String)> {
        let mut sorted: Vec<&Shown> = self.items.iter().collect();
        sorted.sort_by_key(|item| std::cmp::Reverse(item.published_at));
        let day = |at| page::format::date(say.lang, kernel::clock::legal_date(at));
        sorted.into_iter().take(most).map(|item| (self.card(item, say), day(item.published_at))).collect()
    }
}
