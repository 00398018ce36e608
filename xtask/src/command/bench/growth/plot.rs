//! What was measured, as a picture: lines over the number of customers. Both scales are logarithmic:
//! what does not grow with it is level.

use std::{fmt::Write, iter};

use super::{
    operation::Operation,
    report::grouped,
    results::{Quantity, Results},
};
use crate::command::bench::{
    database::Store,
    summary::Spread,
    svg::{COLOURS, line, rectangle, text},
};

/// Width of the picture, and the height of its row of names.
const WIDTH: f64 = 960.0;
const LEGEND: f64 = 60.0;
/// A panel: what lies between two of them, and the part that has the lines.
const PANEL: (f64, f64) = (470.0, 380.0);
const LINES: (f64, f64) = (390.0, 290.0);
/// Where the lines of the first panel begin.
const LEFT: f64 = 60.0;

const PANELS: [(&str, Quantity); 2] = [
    ("time of a request, ms", |sample| sample.time),
    ("CPU a request, server and database, µs", |sample| sample.cpu + sample.database_cpu),
];

/// A value that has a logarithm, for what is 0.
const LEAST: f64 = 1e-3;

/// Where a value lies between two powers of ten, from 0 to 1.
struct Scale {
    least: f64,
    most: f64,
}

impl Scale {
    /// From the last power of ten before all values to the first one behind.
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let spread = Spread::of(values.map(|value| value.max(LEAST)).collect());
        let least = spread.least.log10().floor();
        Self { least, most: spread.most.log10().ceil().max(least + 1.0) }
    }

    fn place(&self, value: f64) -> f64 {
        (value.max(LEAST).log10() - self.least) / (self.most - self.least)
    }

    /// The powers of ten.
    fn steps(&self) -> impl Iterator<Item = f64> {
        let next = |power: &f64| (power + 1.0 <= self.most).then_some(power + 1.0);
        iter::successors(Some(self.least), next).map(|power| 10_f64.powf(power))
    }
}

/// A row of panels for each store; a line for each operation, with a bar from the least to the most
/// of all rounds.
pub(super) fn svg(stores: &[(Store, Results)]) -> String {
    let mut svg = String::new();
    let rows = f64::from(u32::try_from(stores.len()).unwrap_or_default());
    let height = LEGEND + rows * PANEL.1;
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"white\"/>"
    );
    let mut x = LEFT;
    for (operation, colour) in Operation::ALL.into_iter().zip(COLOURS) {
        rectangle(&mut svg, (x, 16.0), (12.0, 12.0), colour);
        text(&mut svg, x + 16.0, 26.0, "start", operation.name());
        x += 130.0;
    }
    let mut top = LEGEND;
    for (store, results) in stores {
        let mut left = LEFT;
        for (title, of) in PANELS {
            text(&mut svg, left, top, "start", &format!("{}: {title}", store.name()));
            draw(&mut svg, results, of, (left, top + 16.0));
            left += PANEL.0;
        }
        top += PANEL.1;
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw(svg: &mut String, results: &Results, of: Quantity, (left, top): (f64, f64)) {
    let spreads = |operation| {
        let at = move |customers| (customers, results.spread(operation, customers, of));
        results.sizes().map(at)
    };
    let values = Operation::ALL.into_iter().flat_map(spreads);
    let vertical = Scale::of(values.flat_map(|(_, spread)| [spread.least, spread.most]));
    let horizontal = Scale::of(results.sizes().map(f64::from));
    let (width, height) = LINES;
    let x = |customers: f64| left + width * horizontal.place(customers);
    let y = |value: f64| top + height * (1.0 - vertical.place(value));
    for value in vertical.steps() {
        line(svg, (left, y(value)), (left + width, y(value)), "#dddddd");
        text(svg, left - 6.0, y(value) + 4.0, "end", &format!("{value}"));
    }
    for customers in results.sizes() {
        let x = x(customers.into());
        line(svg, (x, top), (x, top + height), "#dddddd");
        text(svg, x, top + height + 16.0, "middle", &grouped(customers));
    }
    for (operation, colour) in Operation::ALL.into_iter().zip(COLOURS) {
        let mut points = String::new();
        for (customers, Spread { least, median, most }) in spreads(operation) {
            let (x, y_of_median) = (x(customers.into()), y(median));
            let _ = write!(points, "{x:.1},{y_of_median:.1} ");
            line(svg, (x, y(least)), (x, y(most)), colour);
            rectangle(svg, (x - 3.0, y_of_median - 3.0), (6.0, 6.0), colour);
        }
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.trim_end()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::bench::growth::results::tests::{results, sample};

    #[test]
    fn what_does_not_grow_is_level_and_what_is_ten_times_as_much_rises_by_a_power_of_ten() {
        let mut results = results(&[(10_000, 1.0), (1_000_000, 1.0)]);
        results.samples.insert((Operation::DeepPage, 1_000_000), vec![sample(10.0)]);
        let svg = svg(&[(Store::Sqlite, results)]);
        let lines = svg.lines().filter_map(|line| line.strip_prefix("<polyline points=\""));
        let points: Vec<Vec<f64>> = lines
            .map(|line| line.split(['"', ' ', ',']).map_while(|text| text.parse().ok()).collect())
            .collect();
        assert_eq!(points.len(), 2 * Operation::ALL.len());
        let rises: Vec<_> = points.iter().map(|points| points[1] - points[3]).take(6).collect();
        assert_eq!(rises, [0.0, 0.0, LINES.1, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_scale_goes_from_one_power_of_ten_to_another() {
        let scale = Scale::of([0.3, 70.0].into_iter());
        assert_eq!(
            scale.steps().map(|step| step.to_string()).collect::<Vec<_>>(),
            ["0.1", "1", "10", "100"]
        );
        assert!((scale.place(100.0) - 1.0).abs() < 1e-9 && scale.place(0.1).abs() < 1e-9);
    }
}
