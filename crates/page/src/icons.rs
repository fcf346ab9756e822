//! The one family of line icons: 24 × 24, one stroke, the colour of the text around them, hidden from screen readers.

use crate::Html;

/// The icon as inline SVG; in templates `{{ u::icon("search") }}`. An unknown name draws a small ring and is logged.
pub fn icon(name: &str) -> Html {
    Html(svg(name))
}

/// The same as text.
pub fn svg(name: &str) -> String {
    let inner = drawing(name).unwrap_or_else(|| {
        tracing::error!(name, "there is no such icon");
        r#"<circle cx="12" cy="12" r="4"/>"#
    });
    format!(
        r#"<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{inner}</svg>"#
    )
}

macro_rules! family {
    ($($name:literal => $drawing:literal,)+) => {
        /// All names, in the order of the kit page.
        pub const NAMES: &[&str] = &[$($name),+];

        fn drawing(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some($drawing),)+
                _ => None,
            }
        }
    };
}

family! {
    "search" => r#"<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>"#,
    "home" => r#"<path d="m3.5 11 8.5-7.5L20.5 11"/><path d="M5.5 9.5V20h13V9.5"/><path d="M10 20v-6h4v6"/>"#,
    "user" => r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>"#,
    "users" => r#"<circle cx="9" cy="8" r="3.5"/><path d="M2.5 19.5c.6-3.5 3-5.5 6.5-5.5s5.9 2 6.5 5.5"/><path d="M15.5 4.8a3.5 3.5 0 0 1 0 6.4"/><path d="M18 14.5c2 .8 3.2 2.5 3.5 5"/>"#,
    "building" => r#"<path d="M5 21V4h9v17"/><path d="M14 9h5v12"/><path d="M3 21h18"/><path d="M8 8h3M8 12h3M8 16h3"/>"#,
    "government" => r#"<path d="m3 9 9-5.5L21 9z"/><path d="M5.5 9v8.5M10 9v8.5M14 9v8.5M18.5 9v8.5"/><path d="M3 20.5h18M4 17.5h16"/>"#,
    "family" => r#"<circle cx="7.5" cy="6.5" r="2.5"/><circle cx="16.5" cy="6.5" r="2.5"/><circle cx="12" cy="13.5" r="2"/><path d="M3 19v-3a4.5 4.5 0 0 1 5-4.4M21 19v-3a4.5 4.5 0 0 0-5-4.4M8.5 20.5c0-2.5 1.4-4 3.5-4s3.5 1.5 3.5 4"/>"#,
    "heart" => r#"<path d="M12 20S4 15 4 9.2A4.2 4.2 0 0 1 12 7a4.2 4.2 0 0 1 8 2.2C20 15 12 20 12 20z"/>"#,
    "school" => r#"<path d="m2.5 9.5 9.5-4.5 9.5 4.5-9.5 4.5z"/><path d="M6.5 12v4.5c1.5 1.3 3.3 2 5.5 2s4-.7 5.5-2V12"/><path d="M21.5 9.5V15"/>"#,
    "briefcase" => r#"<rect x="3" y="7.5" width="18" height="12.5" rx="1.5"/><path d="M8.5 7.5V5a1 1 0 0 1 1-1h5a1 1 0 0 1 1 1v2.5"/><path d="M3 13h18"/>"#,
    "bus" => r#"<rect x="4" y="4" width="16" height="14" rx="2"/><path d="M4 12h16M12 4v8"/><path d="M7 18v2M17 18v2"/><path d="M7.5 15h.01M16.5 15h.01"/>"#,
    "car" => r#"<path d="M3.5 17v-4l2-6h13l2 6v4z"/><path d="M3.5 12.5h17"/><path d="M6 17v2M18 17v2"/><path d="M7 14.8h1.5M15.5 14.8H17"/>"#,
    "coins" => r#"<ellipse cx="12" cy="6.5" rx="7.5" ry="3"/><path d="M4.5 6.5v5.5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6.5"/><path d="M4.5 12v5.5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V12"/>"#,
    "document" => r#"<path d="M6 3.5h8l4.5 4.5v12.5H6z"/><path d="M14 3.5V8h4.5"/><path d="M9 12.5h6M9 16h6"/>"#,
    "documents" => r#"<path d="M8.5 3.5h6.5l4 4v9.5H8.5z"/><path d="M15 3.5v4h4"/><path d="M5 7v13.5h9.5"/>"#,
    "certificate" => r#"<rect x="3" y="4.5" width="18" height="12" rx="1.5"/><path d="M6.5 8.5h7M6.5 12h4"/><circle cx="16.5" cy="14.5" r="2.8"/><path d="m14.9 17-.7 4 2.3-1.3 2.3 1.3-.7-4"/>"#,
    "seal" => r#"<circle cx="12" cy="12" r="8.5"/><path d="m12 7 1.5 3.2 3.5.4-2.6 2.4.7 3.5L12 14.8l-3.1 1.7.7-3.5L7 10.6l3.5-.4z"/>"#,
    "stamp" => r#"<path d="M9 13c0-2.5-1.5-3.5-1.5-5.8a4.5 4.5 0 0 1 9 0C16.5 9.5 15 10.5 15 13z"/><path d="M5 17v-1.5A2.5 2.5 0 0 1 7.5 13h9a2.5 2.5 0 0 1 2.5 2.5V17z"/><path d="M5 20.5h14"/>"#,
    "scale" => r#"<path d="M12 3.5v17M7 20.5h10"/><path d="M4.5 6.5h15"/><path d="m4.5 6.5-2.5 7h5zM19.5 6.5l-2.5 7h5z"/><path d="M2 13.5c.3 1.7 1.2 2.5 2.5 2.5s2.2-.8 2.5-2.5M17 13.5c.3 1.7 1.2 2.5 2.5 2.5s2.2-.8 2.5-2.5"/>"#,
    "inbox" => r#"<path d="M4 13.5 6.5 5h11l2.5 8.5V19H4z"/><path d="M4 13.5h4.5l1.5 2.5h4l1.5-2.5H20"/>"#,
    "folder" => r#"<path d="M3.5 18.5v-13h6l2 2.5h9v10.5z"/>"#,
    "list" => r#"<path d="M8.5 6.5h12M8.5 12h12M8.5 17.5h12"/><path d="M4 6.5h.01M4 12h.01M4 17.5h.01"/>"#,
    "filter" => r#"<path d="M3.5 5.5h17L14 13v6l-4-2v-4z"/>"#,
    "calendar" => r#"<rect x="3.5" y="5" width="17" height="15.5" rx="1.5"/><path d="M3.5 10h17M8 3v4M16 3v4"/>"#,
    "clock" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>"#,
    "hourglass" => r#"<path d="M6.5 3.5h11M6.5 20.5h11"/><path d="M7.5 3.5c0 5 4.5 5.5 4.5 8.5s-4.5 3.5-4.5 8.5M16.5 3.5c0 5-4.5 5.5-4.5 8.5s4.5 3.5 4.5 8.5"/>"#,
    "phone" => r#"<path d="M5 4h4l1.5 4.5L8 10.5a13 13 0 0 0 5.5 5.5l2-2.5L20 15v4c0 .8-.7 1.5-1.5 1.5C10.5 20 4 13.5 3.5 5.5 3.5 4.7 4.2 4 5 4z"/>"#,
    "message" => r#"<path d="M3.5 5h17v12H11l-4.5 3.5V17h-3z"/><path d="M7.5 9.5h9M7.5 13h5"/>"#,
    "location" => r#"<path d="M12 21s-7-6.2-7-11a7 7 0 0 1 14 0c0 4.8-7 11-7 11z"/><circle cx="12" cy="10" r="2.5"/>"#,
    "globe" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17"/><path d="M12 3.5c2.5 2.5 3.5 5.3 3.5 8.5s-1 6-3.5 8.5c-2.5-2.5-3.5-5.3-3.5-8.5s1-6 3.5-8.5z"/>"#,
    "text-size" => r#"<path d="M2.5 18.5 8.5 5l6 13.5M4.5 14.5h8"/><path d="m14.5 18.5 3.5-8 3.5 8M16 15.5h4"/>"#,
    "eye" => r#"<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="3"/>"#,
    "lock" => r#"<rect x="5" y="10.5" width="14" height="10" rx="1.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/><path d="M12 14.5v2"/>"#,
    "shield" => r#"<path d="M12 3.5 19.5 6v5.5c0 4.5-3 7.5-7.5 9.5-4.5-2-7.5-5-7.5-9.5V6z"/><path d="m8.5 12 2.5 2.5 4.5-5"/>"#,
    "sign-in" => r#"<path d="M13 4.5h6v15h-6"/><path d="M4 12h10.5M10.5 8l4 4-4 4"/>"#,
    "sign-out" => r#"<path d="M11 4.5H5v15h6"/><path d="M9.5 12H20M16 8l4 4-4 4"/>"#,
    "switch" => r#"<path d="M4 8h14M14.5 4.5 18 8l-3.5 3.5"/><path d="M20 16H6M9.5 12.5 6 16l3.5 3.5"/>"#,
    "edit" => r#"<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19z"/><path d="m14 6.5 3.5 3.5"/>"#,
    "plus" => r#"<path d="M12 5v14M5 12h14"/>"#,
    "minus" => r#"<path d="M5 12h14"/>"#,
    "trash" => r#"<path d="M4.5 6.5h15M9.5 6.5v-3h5v3"/><path d="m6 6.5 1 14h10l1-14"/><path d="M10 10.5v6M14 10.5v6"/>"#,
    "download" => r#"<path d="M12 3.5v12M7.5 11l4.5 4.5 4.5-4.5"/><path d="M4 17v3.5h16V17"/>"#,
    "upload" => r#"<path d="M12 16V4M7.5 8.5 12 4l4.5 4.5"/><path d="M4 17v3.5h16V17"/>"#,
    "print" => r#"<path d="M7 8.5v-5h10v5"/><rect x="3.5" y="8.5" width="17" height="8" rx="1.5"/><path d="M7 14h10v6.5H7z"/>"#,
    "qr" => r#"<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z"/><path d="M14 14h2.5v2.5M20 14v2.5M14 20h2.5M20 20v-.5"/>"#,
    "link" => r#"<path d="M10 14a4 4 0 0 0 5.7 0l3.3-3.3A4 4 0 0 0 13.3 5L12 6.3"/><path d="M14 10a4 4 0 0 0-5.7 0L5 13.3A4 4 0 0 0 10.7 19l1.3-1.3"/>"#,
    "external" => r#"<path d="M14 4h6v6M20 4l-9 9"/><path d="M18 14v6H4V6h6"/>"#,
    "refresh" => r#"<path d="M19.5 8A8.5 8.5 0 1 0 20.5 12"/><path d="M20 3.5V8h-4.5"/>"#,
    "arrow-right" => r#"<path d="M4 12h16M14 6l6 6-6 6"/>"#,
    "arrow-left" => r#"<path d="M20 12H4M10 6l-6 6 6 6"/>"#,
    "chevron-right" => r#"<path d="m9 5 7 7-7 7"/>"#,
    "chevron-left" => r#"<path d="m15 5-7 7 7 7"/>"#,
    "chevron-down" => r#"<path d="m5 9 7 7 7-7"/>"#,
    "check" => r#"<path d="m4.5 12.5 5 5 10-11"/>"#,
    "check-circle" => r#"<circle cx="12" cy="12" r="8.5"/><path d="m8 12.2 2.8 2.8L16 9.5"/>"#,
    "x" => r#"<path d="m5.5 5.5 13 13M18.5 5.5l-13 13"/>"#,
    "x-circle" => r#"<circle cx="12" cy="12" r="8.5"/><path d="m9 9 6 6M15 9l-6 6"/>"#,
    "alert" => r#"<path d="M12 4 2.8 20h18.4z"/><path d="M12 10v4.5M12 17.2v.1"/>"#,
    "info" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.6v.1"/>"#,
    "help" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.7.3-1.1.9-1.1 1.7v.3M12 16.5v.1"/>"#,
    "dot" => r#"<circle cx="12" cy="12" r="5"/>"#,
    "star" => r#"<path d="m12 3.5 2.6 5.5 6 .8-4.4 4.1 1.1 6L12 17l-5.3 2.9 1.1-6L3.4 9.8l6-.8z"/>"#,
    "map" => r#"<path d="m3.5 6 5.5-2 6 2 5.5-2v14l-5.5 2-6-2-5.5 2z"/><path d="M9 4v14M15 6v14"/>"#,
    "baby" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M9 10.5v.1M15 10.5v.1M9 14.5c.8 1 1.8 1.5 3 1.5s2.2-.5 3-1.5"/><path d="M12 3.5c-1 1.5-.5 2.5 1 2.5"/>"#,
    "leaf" => r#"<path d="M5 19c0-9 5-14 15-14.5C20 14 15 19.5 8 18.5"/><path d="M4 21c2-5 5-8.5 10-11"/>"#,
}
