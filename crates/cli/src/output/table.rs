//! Tables without lines, as wide as the terminal.

use std::io;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// The width of tables that go to no terminal.
pub(crate) const USUAL_WIDTH: u16 = 120;

/// The width of the terminal that standard output is, or the usual one.
pub(crate) fn stdout_width() -> u16 {
    let size = terminal_size::terminal_size_of(io::stdout());
    size.map_or(USUAL_WIDTH, |(width, _)| width.0)
}

/// A table whose cells are wrapped where the width does not suffice.
pub(super) fn table(header: &[&str], width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width);
    table.set_header(header.iter().copied());
    table
}

/// Aligns the numbers of some columns to the right.
pub(super) fn align_numbers(table: &mut Table, columns: &[usize]) {
    for index in columns {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_table_is_as_wide_as_it_may_be() {
        for width in [40, 70, 200] {
            let mut table = table(&["severity", "place", "first"], width);
            table.add_row([
                "warning",
                "/data/data/usage/completion_tokens",
                "captures/2026-11-26/a-task.http",
            ]);
            let text = table.to_string();
            let widest = text.lines().map(str::len).max().unwrap();
            assert!(widest <= width.into(), "{width}: {text}");
            let is_wrapped = text.lines().count() > 2;
            assert_eq!(is_wrapped, width < 79, "{text}");
        }
    }
}
