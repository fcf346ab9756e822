//! Colours: plain ones, and the shades from one side to the other; the rest is drawn as pictures.

use super::number;
use typst::foundations::Smart;
use typst::layout::{Point, Transform};
use typst::visualize::{Color, Gradient, Paint, RelativeTo, Shape};

/// How many colours a shade is written with: the space in which typst mixes them is not OFD's.
const STEPS: u8 = 16;

/// A paint in OFD's words.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Colour {
    /// One colour: `11 78 162`, and how dense it is.
    Plain {
        /// Red, green, blue.
        value: String,
        /// 255 hides what is behind.
        alpha: u8,
    },
    /// A shade: from where to where on the page, and the colours on the way.
    Shade([(f64, f64); 2], String),
    /// OFD has no word for it, or readers draw it differently.
    Other,
}

impl Colour {
    /// The element `FillColor` or `StrokeColor` of an object whose corner stands there.
    pub(super) fn element(&self, name: &str, corner: (f64, f64)) -> String {
        match self {
            Self::Plain { value, alpha: 255 } => format!("<ofd:{name} Value=\"{value}\"/>"),
            Self::Plain { value, alpha } => format!("<ofd:{name} Value=\"{value}\" Alpha=\"{alpha}\"/>"),
            Self::Shade(ends, steps) => {
                let [from, to] =
                    ends.map(|(x, y)| format!("{} {}", number(x - corner.0), number(y - corner.1)));
                format!(
                    "<ofd:{name}><ofd:AxialShd MapType=\"Direct\" Extend=\"3\" StartPoint=\"{from}\" EndPoint=\"{to}\">\
                     {steps}</ofd:AxialShd></ofd:{name}>"
                )
            }
            Self::Other => String::new(),
        }
    }
}

pub(super) fn plain(colour: &Color) -> Colour {
    let rgb = colour.to_rgb();
    let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
    let value = format!("{} {} {}", byte(rgb.red), byte(rgb.green), byte(rgb.blue));
    Colour::Plain { value, alpha: byte(rgb.alpha) }
}

/// The paint of a text: of a shade its middle.
pub(super) fn of_text(paint: &Paint) -> Colour {
    match paint {
        Paint::Solid(colour) => plain(colour),
        Paint::Gradient(shade) => {
            plain(&shade.sample(typst::visualize::RatioOrAngle::Ratio(typst::layout::Ratio::new(0.5))))
        }
        Paint::Tiling(_) => plain(&Color::BLACK),
    }
}

pub(super) fn colour(paint: &Paint, shape: &Shape, at: Transform) -> Colour {
    match paint {
        Paint::Solid(colour) => plain(colour),
        Paint::Gradient(shade) => self::shade(shade, shape, at).unwrap_or(Colour::Other),
        Paint::Tiling(_) => Colour::Other,
    }
}

/// How much `at` enlarges.
pub(super) fn scale(at: Transform) -> f64 {
    (at.sx.get() * at.sy.get() - at.kx.get() * at.ky.get()).abs().sqrt()
}

/// A shade from one side of the shape to the other (CT_AxialShd); `None` when it runs aslant or is none of the shape's own.
fn shade(gradient: &Gradient, shape: &Shape, at: Transform) -> Option<Colour> {
    let Gradient::Linear(linear) = gradient else { return None };
    if !matches!(linear.relative, Smart::Auto | Smart::Custom(RelativeTo::Self_)) {
        return None;
    }
    let degrees = linear.angle.to_deg().rem_euclid(360.0).round();
    let bounds = shape.bbox(false);
    let (left, top, right, bottom) = (bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y);
    let (from, to) = match degrees as u16 {
        0 => (Point::new(left, top), Point::new(right, top)),
        90 => (Point::new(left, top), Point::new(left, bottom)),
        180 => (Point::new(right, top), Point::new(left, top)),
        270 => (Point::new(left, bottom), Point::new(left, top)),
        _ => return None,
    };
    let spot = |p: Point| {
        let p = p.transform(at);
        (p.x.to_mm(), p.y.to_mm())
    };
    let steps: String = (0..=STEPS)
        .map(|n| {
            let position = f64::from(n) / f64::from(STEPS);
            let ratio = typst::visualize::RatioOrAngle::Ratio(typst::layout::Ratio::new(position));
            let colour = plain(&gradient.sample(ratio)).element("Color", (0.0, 0.0));
            format!("<ofd:Segment Position=\"{}\">{colour}</ofd:Segment>", number(position))
        })
        .collect();
    Some(Colour::Shade([spot(from), spot(to)], steps))
}
