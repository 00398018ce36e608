//! What was measured, as a picture: SVG, which is text.

use std::fmt::Write;

use super::{
    contestant::Contestant,
    results::{CONNECTIONS, Results, Sample},
};
use crate::command::bench::{
    summary::Spread,
    svg::{COLOURS, line, rectangle, text},
};

/// Width and height of the picture, and of the part of each panel that has the bars.
const WIDTH: f64 = 960.0;
const PANEL: f64 = 250.0;
const BARS: f64 = 165.0;
/// Where the bars begin, and how wide those of one number of connections are, with the gap.
const LEFT: f64 = 70.0;
const GROUP: f64 = 215.0;
const BAR: f64 = 30.0;
/// The row of names on top.
const LEGEND: f64 = 40.0;

/// A quantity: what stands over its panel, and how many digits its values deserve.
type Panel = (&'static str, usize, fn(&Sample) -> f64);

const PANELS: [Panel; 3] = [
    ("Server CPU a request, µs", 0, |sample| sample.cpu),
    ("Requests a second", 0, |sample| sample.requests_per_second),
    ("p99, ms", 1, |sample| sample.p99),
];

/// Bars for each number of connections, with a line from the least to the most of all rounds.
pub(super) fn svg(results: &Results, title: &str) -> String {
    let mut svg = String::new();
    let height = LEGEND + 30.0 + 3.0 * PANEL;
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"white\"/>"
    );
    text(&mut svg, LEFT, 20.0, "start", &format!("<tspan font-weight=\"bold\">{title}</tspan>"));
    let mut x = LEFT;
    for (contestant, colour) in Contestant::ALL.into_iter().zip(COLOURS) {
        let name = contestant.name();
        rectangle(&mut svg, (x, LEGEND - 4.0), (12.0, 12.0), colour);
        text(&mut svg, x + 16.0, LEGEND + 6.0, "start", name);
        x += 145.0;
    }
    let mut top = LEGEND + 30.0;
    for panel in PANELS {
        draw(&mut svg, results, panel, top);
        top += PANEL;
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw(svg: &mut String, results: &Results, (title, digits, of): Panel, top: f64) {
    let values = Contestant::ALL.into_iter().flat_map(|contestant| {
        CONNECTIONS.map(|connections| results.spread(contestant, connections, of))
    });
    let most = round_up(values.map(|spread| spread.most).fold(0.0, f64::max));
    let base = top + 34.0 + BARS;
    let y = |value: f64| base - value / most * BARS;
    text(svg, LEFT, top + 12.0, "start", title);
    for part in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let value = most * part;
        line(svg, (LEFT, y(value)), (WIDTH - 20.0, y(value)), "#dddddd");
        let digits = usize::from(most < 10.0);
        text(svg, LEFT - 6.0, y(value) + 4.0, "end", &format!("{value:.digits$}"));
    }
    let mut start = LEFT + 10.0;
    for connections in CONNECTIONS {
        let mut x = start;
        for (contestant, colour) in Contestant::ALL.into_iter().zip(COLOURS) {
            let Spread { least, median, most } = results.spread(contestant, connections, of);
            rectangle(svg, (x, y(median)), (BAR, base - y(median)), colour);
            let middle = x + BAR / 2.0;
            line(svg, (middle, y(least)), (middle, y(most)), "#222222");
            text(svg, middle, y(most) - 3.0, "middle", &format!("{median:.digits$}"));
            x += BAR + 3.0;
        }
        let plural = if connections == 1 { "" } else { "s" };
        text(
            svg,
            start + GROUP / 2.0 - 10.0,
            base + 16.0,
            "middle",
            &format!("{connections} connection{plural}"),
        );
        start += GROUP;
    }
}

/// The next of 1, 2, 5, 10, 20, 50 …
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(1e-3).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= value).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number_that_holds_all() {
        for (value, end) in [(0.3, 0.5), (1.0, 1.0), (11.0, 20.0), (47_000.0, 50_000.0)] {
            assert!((round_up(value) - end).abs() < 1e-9, "{value}: {}", round_up(value));
        }
    }

    #[test]
    fn there_is_a_bar_for_everybody_at_each_number_of_connections() {
        let sample =
            Sample { requests_per_second: 10_000.0, cpu: 90.0, core: 100.0, p50: 1.0, p99: 2.0 };
        let keys = Contestant::ALL.into_iter().flat_map(|contestant| {
            CONNECTIONS.map(|connections| ((contestant, connections), vec![sample]))
        });
        let results = Results { servers: keys.collect(), ..Results::default() };
        let svg = svg(&results, "title");
        // The background, the names on top, the bars of the three panels.
        assert_eq!(svg.matches("<rect").count(), 1 + 6 + 3 * 6 * 4);
    }
}
