//! Which column of a table holds the bodies, and which the status and the time.

use super::{
    exchange::http_status,
    record::{Item, Places, classify, is_status_name, is_time_name, time_of},
};

/// Where things are in the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub body: usize,
    /// The name of the column with the bodies.
    pub name: String,
    pub status: Option<usize>,
    pub time: Option<usize>,
}

/// Why a table has no column with bodies.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoColumn {
    /// The column that the user named is not there.
    Unknown(String),
    /// No column has responses.
    WithoutResponses,
}

/// How many rows are looked at in search of a column.
pub(super) const SAMPLE: usize = 20;

impl Columns {
    /// The columns of a table with these names and first rows.
    pub fn find(names: &[String], rows: &[Vec<String>], places: &Places) -> Result<Self, NoColumn> {
        let body = match &places.column {
            Some(wanted) => {
                named(names, wanted).ok_or_else(|| NoColumn::Unknown(wanted.clone()))?
            }
            None => (0..names.len())
                .find(|column| {
                    rows.iter()
                        .take(SAMPLE)
                        .any(|row| has_response(&row[*column], places))
                })
                .ok_or(NoColumn::WithoutResponses)?,
        };
        let column = |is_wanted: fn(&str) -> bool, fits: fn(&str) -> bool| {
            (0..names.len()).find(|column| {
                *column != body
                    && is_wanted(last_part(&names[*column]))
                    && rows.iter().take(SAMPLE).any(|row| fits(&row[*column]))
            })
        };
        Ok(Self {
            body,
            name: names[body].clone(),
            status: column(is_status_name, |text| http_status(text).is_some()),
            time: column(is_time_name, |text| time_of(text).is_some()),
        })
    }
}

impl NoColumn {
    /// What to tell of a table that is called so and has these columns.
    pub fn message(&self, table: &str, columns: &str) -> String {
        let columns = seedance_query::redact::text(columns);
        match self {
            Self::Unknown(wanted) => format!(
                "this is {table} with the columns {columns}, and none is called `{wanted}`; name \
                 the column with the bodies with `--column`"
            ),
            Self::WithoutResponses => format!(
                "this is {table} with the columns {columns}, and none has responses; name the \
                 column with the bodies with `--column`"
            ),
        }
    }
}

/// The column with a name, or with a number from 1.
pub(super) fn named(names: &[String], wanted: &str) -> Option<usize> {
    let number = || wanted.parse::<usize>().ok()?.checked_sub(1);
    names
        .iter()
        .position(|name| name == wanted)
        .or_else(|| {
            names
                .iter()
                .position(|name| name.eq_ignore_ascii_case(wanted))
        })
        .or_else(number)
        .filter(|column| *column < names.len())
}

/// The name of a column without those of the structs that it is in.
fn last_part(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

fn has_response(cell: &str, places: &Places) -> bool {
    let cell = cell.trim();
    let is_json = || serde_json::from_str::<serde::de::IgnoredAny>(cell).is_ok();
    cell.starts_with(['{', '[', '"'])
        && is_json()
        && match classify(cell.as_bytes(), places) {
            Item::Response => cell.len() > 2 && cell.starts_with('{'),
            Item::Embedded(_) => true,
            Item::Foreign(_) => false,
        }
}
