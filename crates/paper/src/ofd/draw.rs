//! One page: frames within frames, everything put down in millimetres from the upper left corner.

use super::paint::{self, Colour};
use super::{Book, number};
use kernel::Fault;
use typst::foundations::{Content, Smart};
use typst::layout::{Abs, Frame, FrameItem, GroupItem, Point, Sides, Size, Transform};
use typst::visualize::{CurveItem, FillRule, FixedStroke, Geometry, LineCap, LineJoin, Shape};
use typst_layout::Page;
use typst_render::RenderOptions;

/// Pixels in a point, for what is drawn as a picture: 432 in an inch.
const PIXELS: f64 = 6.0;
/// A picture has no side longer than this.
const SIDE_MAX: f64 = 4_000.0;

pub(super) struct Pen<'a> {
    pub(super) book: &'a mut Book,
    /// `0 0 297 210`: the bounds of what is turned or stretched; all else has bounds of its own.
    pub(super) bounds: String,
    pub(super) out: String,
}

impl<'a> Pen<'a> {
    /// The objects of `page`.
    pub(super) fn draw(book: &'a mut Book, page: &Page) -> Result<String, Fault> {
        let size = page.frame.size();
        let bounds = format!("0 0 {} {}", number(size.x.to_mm()), number(size.y.to_mm()));
        let mut pen = Self { book, bounds, out: String::new() };
        if let Some(fill) = page.fill_or_transparent() {
            pen.shape(&Geometry::Rect(size).filled(fill), Transform::identity())?;
        }
        pen.frame(&page.frame, Transform::identity())?;
        Ok(pen.out)
    }

    fn frame(&mut self, frame: &Frame, at: Transform) -> Result<(), Fault> {
        for (place, item) in frame.items() {
            let at = at.pre_concat(Transform::translate(place.x, place.y));
            match item {
                FrameItem::Group(group) => self.group(group, at)?,
                FrameItem::Text(text) => self.text(text, at),
                FrameItem::Shape(shape, _) => self.shape(shape, at)?,
                FrameItem::Image(_, size, _) => self.picture(item.clone(), Point::zero(), *size, at)?,
                FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
        Ok(())
    }

    fn group(&mut self, group: &GroupItem, at: Transform) -> Result<(), Fault> {
        let at = at.pre_concat(group.transform);
        if group.clip.is_none() {
            return self.frame(&group.frame, at);
        }
        let still = GroupItem { transform: Transform::identity(), ..group.clone() };
        self.picture(FrameItem::Group(still), Point::zero(), group.frame.size(), at)
    }

    fn shape(&mut self, shape: &Shape, at: Transform) -> Result<(), Fault> {
        let fill = shape.fill.as_ref().map(|f| paint::colour(f, shape, at));
        let stroke = shape.stroke.as_ref().map(|s| paint::colour(&s.paint, shape, at));
        if fill == Some(Colour::Other) || stroke.as_ref().is_some_and(|s| !matches!(s, Colour::Plain { .. }))
        {
            let bounds = shape.bbox(true);
            let item = FrameItem::Shape(shape.clone(), typst::syntax::Span::detached());
            return self.picture(item, bounds.min, bounds.size(), at);
        }
        let half = shape.stroke.as_ref().map_or(0.0, |s| s.thickness.to_mm() * paint::scale(at));
        let Some(bounds) = Bounds::of(&shape.geometry, at, half) else { return Ok(()) };
        let fill = fill.map(|f| f.element("FillColor", bounds.corner()));
        let id = self.book.id();
        let rule = match shape.fill_rule {
            FillRule::NonZero => "NonZero",
            FillRule::EvenOdd => "Even-Odd",
        };
        let line = shape.stroke.as_ref().map(|s| line(s, at)).unwrap_or_default();
        self.out.push_str(&format!(
            "<ofd:PathObject ID=\"{id}\" Boundary=\"{}\" Stroke=\"{}\" Fill=\"{}\" Rule=\"{rule}\"{line}>",
            bounds.text(),
            stroke.is_some(),
            fill.is_some()
        ));
        self.out.push_str(&stroke.map(|s| s.element("StrokeColor", (0.0, 0.0))).unwrap_or_default());
        self.out.push_str(&fill.unwrap_or_default());
        let path = path(&shape.geometry, at, bounds.corner());
        self.out.push_str(&format!("<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"));
        Ok(())
    }

    /// Draws `item` into a picture of `size`, whose upper left corner is `from`.
    fn picture(&mut self, item: FrameItem, from: Point, size: Size, at: Transform) -> Result<(), Fault> {
        if size.x <= Abs::zero() || size.y <= Abs::zero() {
            return Ok(());
        }
        let mut frame = Frame::hard(size);
        frame.push(-from, item);
        let pixels = PIXELS.min(SIDE_MAX / size.x.to_pt()).min(SIDE_MAX / size.y.to_pt());
        let alone = Page {
            frame,
            bleed: Sides::default(),
            fill: Smart::Custom(None),
            numbering: None,
            supplement: Content::empty(),
            number: 1,
        };
        let png = png(&alone, pixels)?;
        let (resource, id) = (self.book.id(), self.book.id());
        self.book.pictures.push((resource, png));
        let at = at.pre_concat(Transform::translate(from.x, from.y));
        let side = |ratio: f64, length: Abs| number(ratio * length.to_mm());
        if upright(at) {
            let (x, y) = (number(at.tx.to_mm()), number(at.ty.to_mm()));
            let (width, height) = (number(size.x.to_mm()), number(size.y.to_mm()));
            self.out.push_str(&format!(
                "<ofd:ImageObject ID=\"{id}\" Boundary=\"{x} {y} {width} {height}\" CTM=\"{width} 0 0 {height} 0 0\" ResourceID=\"{resource}\"/>"
            ));
            return Ok(());
        }
        self.out.push_str(&format!(
            "<ofd:ImageObject ID=\"{id}\" Boundary=\"{}\" CTM=\"{} {} {} {} {} {}\" ResourceID=\"{resource}\"/>",
            self.bounds,
            side(at.sx.get(), size.x),
            side(at.ky.get(), size.x),
            side(at.kx.get(), size.y),
            side(at.sy.get(), size.y),
            number(at.tx.to_mm()),
            number(at.ty.to_mm())
        ));
        Ok(())
    }
}

/// `page` as a PNG of so many pixels a point.
pub(crate) fn png(page: &Page, pixels: f64) -> Result<Vec<u8>, Fault> {
    let options = RenderOptions { pixel_per_pt: pixels.into(), render_bleed: false };
    typst_render::render(page, &options).encode_png().map_err(|e| Fault::from("writing a PNG", e))
}

/// Whether `at` only moves.
pub(super) fn upright(at: Transform) -> bool {
    (at.sx.get() - 1.0).abs() + (at.sy.get() - 1.0).abs() + at.kx.get().abs() + at.ky.get().abs() < 1e-9
}

/// The box around an object, in millimetres; its coordinates begin at the box's corner.
struct Bounds {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Bounds {
    /// Around `geometry`, with so much room on each side; `None` around nothing.
    fn of(geometry: &Geometry, at: Transform, room: f64) -> Option<Self> {
        let points = match geometry {
            Geometry::Line(to) => vec![Point::zero(), *to],
            Geometry::Rect(size) => {
                vec![Point::zero(), Point::with_x(size.x), size.to_point(), Point::with_y(size.y)]
            }
            Geometry::Curve(curve) => curve
                .0
                .iter()
                .flat_map(|item| match item {
                    CurveItem::Move(to) | CurveItem::Line(to) => vec![*to],
                    CurveItem::Cubic(a, b, to) => vec![*a, *b, *to],
                    CurveItem::Close => Vec::new(),
                })
                .collect(),
        };
        let points = points.into_iter().map(|p| p.transform(at)).map(|p| (p.x.to_mm(), p.y.to_mm()));
        let around =
            points.map(|(x, y)| Self { left: x, top: y, right: x, bottom: y }).reduce(|a, b| Self {
                left: a.left.min(b.left),
                top: a.top.min(b.top),
                right: a.right.max(b.right),
                bottom: a.bottom.max(b.bottom),
            })?;
        let Self { left, top, right, bottom } = around;
        Some(Self { left: left - room, top: top - room, right: right + room, bottom: bottom + room })
    }

    fn corner(&self) -> (f64, f64) {
        (self.left, self.top)
    }

    fn text(&self) -> String {
        let (width, height) = (self.right - self.left, self.bottom - self.top);
        [self.left, self.top, width, height].map(number).join(" ")
    }
}

/// The path of `geometry` seen from `corner`: M moves, L draws a line, B a Bézier curve, C closes.
fn path(geometry: &Geometry, at: Transform, corner: (f64, f64)) -> String {
    let spot = |p: Point| {
        let p = p.transform(at);
        format!("{} {}", number(p.x.to_mm() - corner.0), number(p.y.to_mm() - corner.1))
    };
    match geometry {
        Geometry::Line(to) => format!("M {} L {}", spot(Point::zero()), spot(*to)),
        Geometry::Rect(size) => {
            let corners = [Point::zero(), Point::with_x(size.x), size.to_point(), Point::with_y(size.y)];
            let [a, b, c, d] = corners.map(spot);
            format!("M {a} L {b} L {c} L {d} C")
        }
        Geometry::Curve(curve) => {
            let steps: Vec<String> = curve
                .0
                .iter()
                .map(|item| match item {
                    CurveItem::Move(to) => format!("M {}", spot(*to)),
                    CurveItem::Line(to) => format!("L {}", spot(*to)),
                    CurveItem::Cubic(a, b, to) => format!("B {} {} {}", spot(*a), spot(*b), spot(*to)),
                    CurveItem::Close => "C".to_owned(),
                })
                .collect();
            steps.join(" ")
        }
    }
}

/// How a line is drawn.
pub(super) fn line(stroke: &FixedStroke, at: Transform) -> String {
    let scale = paint::scale(at);
    let cap = match stroke.cap {
        LineCap::Butt => "Butt",
        LineCap::Round => "Round",
        LineCap::Square => "Square",
    };
    let join = match stroke.join {
        LineJoin::Miter => "Miter",
        LineJoin::Round => "Round",
        LineJoin::Bevel => "Bevel",
    };
    let width = number(stroke.thickness.to_mm() * scale);
    let mut out = format!(" LineWidth=\"{width}\" Cap=\"{cap}\" Join=\"{join}\"");
    if let Some(dash) = &stroke.dash {
        let steps: Vec<String> = dash.array.iter().map(|d| number(d.to_mm() * scale)).collect();
        let phase = number(dash.phase.to_mm() * scale);
        out.push_str(&format!(" DashOffset=\"{phase}\" DashPattern=\"{}\"", steps.join(" ")));
    }
    out
}
