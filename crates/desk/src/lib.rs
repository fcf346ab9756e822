//! The staff's shell: inboxes, the case on one page, and the operator's back office.
#![doc = include_str!("../README.md")]

mod about;
mod acts;
mod asked;
mod below;
mod bulk;
mod can;
mod case;
mod choices;
mod corrections;
mod decide;
mod duties;
mod evidence;
mod fields;
mod filed;
mod files;
mod hearing;
mod inbox;
mod inbox_file;
mod later;
mod leave;
mod lines;
mod lint;
mod messages;
mod now;
mod packs;
mod paper;
mod read_act;
mod received;
mod remedy;
mod seen;
mod siblings;
mod sides;
mod sources;
mod store;
mod supervise;
mod supplement;
mod supplement_scan;
mod table;
mod talk;
mod upload;
mod views;
mod watch;
mod who;
mod window;
mod word;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use certificates::Signer;
use exchange::{LineSystems, Sources};
use kernel::Lang;
use page::House;
use std::sync::{Arc, LazyLock};

/// The tables of this room.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "desk",
    steps: &[
        ("V1__desk", include_str!("../migrations/V1__desk.sql")),
        ("V2__window", include_str!("../migrations/V2__window.sql")),
    ],
};

/// The room's words: those of the desk, and those of its window and its answers to the outside.
static WORDS: LazyLock<page::Words> = LazyLock::new(|| {
    page::Words::new(
        "desk",
        concat!(
            include_str!("../locales/zh-CN/desk.ftl"),
            include_str!("../locales/zh-CN/window.ftl"),
            include_str!("../locales/zh-CN/later.ftl"),
            include_str!("../locales/zh-CN/received.ftl"),
            include_str!("../locales/zh-CN/filed.ftl")
        ),
        concat!(
            include_str!("../locales/en/desk.ftl"),
            include_str!("../locales/en/window.ftl"),
            include_str!("../locales/en/later.ftl"),
            include_str!("../locales/en/received.ftl"),
            include_str!("../locales/en/filed.ftl")
        ),
    )
});

/// What every page of the room needs.
#[derive(Clone)]
struct Room {
    house: House,
    sources: Sources,
    systems: LineSystems,
    /// The terms of queues and of numbers on paper.
    hall: hall::Settings,
}

impl Room {
    /// The name of a line system, or its id when it is not known (any more).
    fn system(&self, id: &str, lang: Lang) -> String {
        self.systems.get(id).map_or_else(|| id.to_owned(), |system| system.name.get(lang).to_owned())
    }
}

/// The page that prints certificates at the windows where their case was filed, with whoever signs them.
pub fn printing_routes(house: House, sources: Sources, signer: Arc<Signer>) -> Router {
    filed::printing(
        Room { house, sources, systems: LineSystems::default(), hall: hall::Settings::default() },
        signer,
    )
}

/// The room's pages without line systems.
pub fn routes(house: House, sources: Sources) -> Router {
    routes_with(house, sources, LineSystems::default(), hall::Settings::default())
}

/// The room's pages; line systems are shown by their names, tickets end by the terms of halls.
pub fn routes_with(house: House, sources: Sources, systems: LineSystems, hall: hall::Settings) -> Router {
    Router::new()
        .route("/desk", get(inbox::get))
        .route("/desk/file", get(inbox_file::get))
        .route("/desk/cases/{number}", get(case::get))
        .route("/desk/cases/{number}/files/{file}", get(files::get))
        .route("/desk/cases/{number}/notices/{id}", get(files::notice))
        .route("/desk/cases/{number}/acts", post(decide::post))
        .route("/desk/cases/{number}/supplement", get(supplement::get).post(supplement::post))
        .route(
            "/desk/cases/{number}/supplement/scan/{field}",
            get(supplement_scan::get).post(supplement_scan::post),
        )
        .route("/desk/cases/{number}/supplement/scan/{field}/{page}", get(supplement_scan::picture))
        .route("/desk/cases/{number}/talk", post(talk::post))
        .route("/desk/views", post(views::post))
        .route("/desk/watch", get(watch::get))
        .route("/desk/watch/file", get(watch::file))
        .route("/desk/bulk", post(bulk::post))
        .route("/desk/bulk/{id}", get(bulk::get))
        .route("/desk/lines", get(lines::get))
        .route("/desk/lint", get(lint::get))
        .route("/desk/lines/{id}", post(lines::resend))
        .route("/desk/packs", get(packs::get).post(packs::post))
        .route("/desk/messages", get(messages::get))
        .route("/desk/messages/{id}/retry", post(messages::retry))
        .route("/desk/sources", get(sources::get))
        .route("/desk/sources/{id}", post(sources::post))
        .route("/desk/duties", get(duties::get))
        .route("/desk/received", get(received::get))
        .route("/desk/corrections", get(corrections::list))
        .route("/desk/corrections/{number}/{seq}", get(corrections::get).post(corrections::post))
        .route("/desk/corrections/{number}/{seq}/proof", get(corrections::proof))
        .merge(filed::routes())
        .merge(window::routes())
        .layer(DefaultBodyLimit::max(page::submitted::UPLOAD_BYTES_MAX))
        .with_state(Room { house, sources, systems, hall })
}
