//! The programs' door: `/api/v1`, its OpenAPI document, bearer tokens and problem details.
//!
//! **Invariant:** an operation asks the same verbs and queries, with the same rights, as the page for the same deed.

mod input;
mod ops;
mod problem;

use axum::extract::Extension;
use axum::middleware::from_fn;
use axum::routing::get;
use axum::{Json, Router};
use certificates::Signer;
use exchange::{LineSystems, Sources};
use page::House;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yimen 一门",
        version = "1",
        description = "Apply, follow and decide government service cases. Errors are problem details (RFC 9457) with a \
                       stable `code`; lists are paged by the opaque `next` of the answer before.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&BearerToken),
    security(("bearer" = []))
)]
struct Document;

struct BearerToken;

impl utoipa::Modify for BearerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("From `POST /api/v1/sessions`."))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

fn operations() -> OpenApiRouter<House> {
    OpenApiRouter::with_openapi(Document::openapi()).nest(
        "/api/v1",
        OpenApiRouter::new()
            .merge(ops::sessions::routes())
            .merge(ops::items::routes())
            .merge(ops::files::routes())
            .merge(ops::halls::routes())
            .merge(ops::whatif::routes())
            .merge(ops::appointments::routes())
            .merge(ops::cases::routes())
            .merge(ops::acts::routes())
            .merge(ops::plans::routes())
            .merge(ops::matters::routes())
            .merge(ops::notices::routes())
            .merge(ops::space::routes())
            .merge(ops::payments::routes())
            .merge(ops::ratings::routes())
            .merge(ops::deliveries::routes())
            .merge(ops::tasks::routes())
            .merge(ops::lines::routes())
            .merge(ops::certificates::routes())
            .merge(ops::verifications::routes()),
    )
}

/// The OpenAPI 3.1 document.
pub fn document() -> utoipa::openapi::OpenApi {
    operations().into_openapi()
}

/// All operations, and their document at `/api/v1/openapi.json`.
pub fn routes(
    house: House,
    sources: Sources,
    lines: LineSystems,
    signer: Arc<Signer>,
    rated: ratings::Settings,
    deliveries: delivery::Deliveries,
    appointed: appointments::Settings,
) -> Router {
    let (router, document) = operations().split_for_parts();
    router
        .route("/api/v1/openapi.json", get(async move || Json(document)))
        .route("/api/{*rest}", axum::routing::any(problem::no_such_route))
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(Extension(sources))
        .layer(Extension(lines))
        .layer(Extension(signer))
        .layer(Extension(rated))
        .layer(Extension(deliveries))
        .layer(Extension(appointed))
        .layer(from_fn(problem::render))
        .with_state(house)
}
