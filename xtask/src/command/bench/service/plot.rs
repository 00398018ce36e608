//! What was measured, as a picture: SVG, which is text.

use std::fmt::Write;

use super::{
    contestant::Contestant,
    results::{CONNECTIONS, Results, Sample},
};
use crate::command::bench::{
    database::Store,
    summary::Spread,
    svg::{line, rectangle, text},
};

/// Width and height of the picture, and of the part of each panel that has the bars.
const WIDTH: f64 = 960.0;
const PANEL: f64 = 250.0;
const BARS: f64 = 165.0;
/// Where the bars begin, and how wide those of one number of connections are, with the gap and
/// without.
const LEFT: f64 = 70.0;
const GROUP: f64 = 215.0;
const BARS_OF_GROUP: f64 = 198.0;
/// Between two bars.
const GAP: f64 = 3.0;
/// The names on top: where the first row is, how far apart they are, and how many fit into a row.
const LEGEND: f64 = 40.0;
const ROW: f64 = 20.0;
const COLUMN: f64 = 175.0;
const NAMES: usize = 5;

/// How somebody is drawn: told apart by those who see red and green alike (Okabe and Ito).
fn colour(contestant: Contestant) -> &'static str {
    match contestant {
        Contestant::Ours => "#0072b2",
        Contestant::OursWithoutRequestLog => "#56b4e9",
        Contestant::HyperStore => "#009e73",
        Contestant::AxumSqlx => "#d55e00",
        Contestant::ActixDeadpool => "#cc79a7",
        Contestant::Pgbench => "#222222",
        Contestant::DropshotConstant => "#e69f00",
        Contestant::HyperConstant => "#999999",
    }
}

/// A quantity: what stands over its panel, and how many digits its values deserve.
type Panel = (&'static str, usize, fn(&Sample) -> f64);

const SERVER_CPU: Panel = ("Server CPU a request, µs", 0, |sample| sample.cpu);
const DATABASE_CPU: Panel = ("CPU of PostgreSQL a request, µs", 0, |sample| sample.database);
const RATE: Panel = ("Requests a second, thousands", 1, |sample| sample.requests_per_second / 1e3);
const P99: Panel = ("p99, ms", 1, |sample| sample.p99);

fn panels(store: Store) -> &'static [Panel] {
    match store {
        Store::Sqlite => &[SERVER_CPU, RATE, P99],
        Store::Postgres => &[SERVER_CPU, DATABASE_CPU, RATE, P99],
    }
}

/// Bars for each number of connections, with a line from the least to the most of all rounds.
pub(super) fn svg(results: &Results, title: &str) -> String {
    let mut svg = String::new();
    let (contestants, panels) = (Contestant::all(results.store), panels(results.store));
    let rows = f64::from(u32::try_from(contestants.len().div_ceil(NAMES)).unwrap_or(1));
    let mut top = LEGEND + 10.0 + rows * ROW;
    let height = panels.iter().fold(top, |height, _| height + PANEL);
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"white\"/>"
    );
    text(&mut svg, LEFT, 20.0, "start", &format!("<tspan font-weight=\"bold\">{title}</tspan>"));
    let mut y = LEGEND;
    for row in contestants.chunks(NAMES) {
        let mut x = LEFT;
        for contestant in row {
            rectangle(&mut svg, (x, y - 4.0), (12.0, 12.0), colour(*contestant));
            text(&mut svg, x + 16.0, y + 6.0, "start", contestant.name());
            x += COLUMN;
        }
        y += ROW;
    }
    for panel in panels {
        draw(&mut svg, results, *panel, top);
        top += PANEL;
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw(svg: &mut String, results: &Results, (title, digits, of): Panel, top: f64) {
    let contestants = Contestant::all(results.store);
    let values = contestants.iter().flat_map(|contestant| {
        CONNECTIONS.map(|connections| results.spread(*contestant, connections, of))
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
    let step = BARS_OF_GROUP / f64::from(u32::try_from(contestants.len()).unwrap_or(1));
    let mut start = LEFT + 10.0;
    for connections in CONNECTIONS {
        let mut x = start;
        for contestant in contestants {
            let Spread { least, median, most } = results.spread(*contestant, connections, of);
            // Somebody may have no such quantity, and leaves a gap.
            if median.is_finite() {
                let (bar, colour) = (step - GAP, colour(*contestant));
                rectangle(svg, (x, y(median)), (bar, base - y(median)), colour);
                let middle = x + bar / 2.0;
                line(svg, (middle, y(least)), (middle, y(most)), "#222222");
                // There is room for three digits.
                let digits = if median < 99.95 { digits } else { 0 };
                text(svg, middle, y(most) - 3.0, "middle", &format!("{median:.digits$}"));
            }
            x += step;
        }
        let plural = if connections == 1 { "" } else { "s" };
        let name = format!("{connections} connection{plural}");
        text(svg, start + GROUP / 2.0 - 10.0, base + 16.0, "middle", &name);
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
    fn there_is_a_bar_for_everybody_who_has_the_quantity_at_each_number_of_connections() {
        // The background, the names on top, the bars of the panels.
        assert_eq!(rectangles(Store::Sqlite), 1 + 6 + 3 * 6 * 4);
        // One has no server.
        assert_eq!(rectangles(Store::Postgres), 1 + 8 + (4 * 8 - 1) * 4);
    }

    fn rectangles(store: Store) -> usize {
        let sample = |contestant| Sample {
            requests_per_second: 10_000.0,
            cpu: if contestant == Contestant::Pgbench { f64::NAN } else { 90.0 },
            database: 100.0,
            core: 100.0,
            p50: 1.0,
            p99: 2.0,
        };
        let samples = Contestant::all(store).iter().flat_map(|contestant| {
            CONNECTIONS.map(|connections| ((*contestant, connections), vec![sample(*contestant)]))
        });
        let results = Results { servers: samples.collect(), ..Results::on(store) };
        svg(&results, "title").matches("<rect").count()
    }
}
