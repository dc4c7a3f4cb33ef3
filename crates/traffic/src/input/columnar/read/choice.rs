//! Which columns of a table are read.

use arrow_array::RecordBatch;
use arrow_schema::Fields;

use super::{
    super::{container::Container, problem::Problem},
    leaf::Leaf,
};
use crate::input::{
    columns::{Columns, NoColumn, SAMPLE, named},
    record::{Places, is_status_name, is_time_name},
};

/// Maximum number of rows that are looked at in search of the bodies.
pub(super) const MAX_SAMPLED: usize = 1_000;

/// The columns of a table, and the first values of those that may be read.
pub(super) struct Sample {
    container: Container,
    leaves: Vec<Leaf>,
    /// By leaf; what is null is left out.
    values: Vec<Vec<String>>,
    rows: usize,
}

/// The columns that are read.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub body: Leaf,
    pub status: Option<Leaf>,
    pub time: Option<Leaf>,
}

impl Choice {
    pub fn leaves(&self) -> impl Iterator<Item = &Leaf> {
        [Some(&self.body), self.status.as_ref(), self.time.as_ref()]
            .into_iter()
            .flatten()
    }
}

impl Sample {
    /// Of a table with these columns, of which nothing was read.
    pub fn new(container: Container, fields: &Fields, places: &Places) -> Result<Self, Problem> {
        let leaves = Leaf::all(fields);
        let sample = Self {
            container,
            values: vec![Vec::new(); leaves.len()],
            leaves,
            rows: 0,
        };
        if let Some(wanted) = &places.column {
            sample.check(wanted, fields)?;
        } else if !sample.leaves.iter().any(Leaf::is_text) {
            return Err(foreign(format!(
                "this is {} with the columns {}, and none holds text or bytes; bodies have to be in a \
                 column as JSON text",
                container.name(),
                seedance_query::redact::text(&sample.columns())
            )));
        }
        Ok(sample)
    }

    /// Whether the column that the user named can hold bodies.
    fn check(&self, wanted: &str, fields: &Fields) -> Result<(), Problem> {
        let names: Vec<String> = self.leaves.iter().map(Leaf::name).collect();
        let advice = "bodies have to be in a column as text or bytes; DuckDB's to_json() makes text of \
                      a struct or list";
        match named(&names, wanted) {
            Some(column) if self.leaves[column].is_text() => Ok(()),
            Some(column) => Err(Problem::unreadable(format!(
                "the column {} holds no text; {advice}",
                self.leaves[column].shown()
            ))),
            None if fields.iter().any(|field| field.name() == wanted) => Err(Problem::unreadable(
                format!("the column {wanted} is a struct; {advice}"),
            )),
            None => {
                let error = NoColumn::Unknown(wanted.to_owned());
                Err(Problem::unreadable(
                    error.message(self.container.name(), &self.columns()),
                ))
            }
        }
    }

    fn columns(&self) -> String {
        let shown: Vec<String> = self.leaves.iter().map(Leaf::shown).collect();
        shown.join(", ")
    }

    /// The columns that have to be looked at.
    pub fn candidates(&self) -> impl Iterator<Item = &Leaf> {
        self.leaves.iter().filter(|leaf| is_candidate(leaf))
    }

    /// Looks at some rows.
    pub fn add(&mut self, batch: &RecordBatch) {
        for (leaf, values) in self.leaves.iter().zip(&mut self.values) {
            let Some(array) = leaf.of(batch).filter(|_| is_candidate(leaf)) else {
                continue;
            };
            let wanted = SAMPLE.saturating_sub(values.len());
            let rows = 0..batch.num_rows().min(MAX_SAMPLED);
            values.extend(rows.filter_map(|row| array.text(row)).take(wanted));
        }
        self.rows += batch.num_rows();
    }

    /// Whether it makes no sense to look at more.
    pub fn is_enough(&self) -> bool {
        self.rows >= MAX_SAMPLED
            || self
                .leaves
                .iter()
                .zip(&self.values)
                .all(|(leaf, values)| !is_candidate(leaf) || values.len() == SAMPLE)
    }

    /// The columns to read; none of a table without rows.
    pub fn choose(self, places: &Places) -> Result<Option<Choice>, Problem> {
        let names: Vec<String> = self.leaves.iter().map(Leaf::name).collect();
        let row = |row: usize| {
            let cells = self.values.iter();
            cells
                .map(|values| values.get(row).cloned().unwrap_or_default())
                .collect()
        };
        let rows: Vec<Vec<String>> = (0..SAMPLE).map(row).collect();
        let columns = match Columns::find(&names, &rows, places) {
            Ok(columns) => columns,
            Err(_) if self.rows == 0 => return Ok(None),
            Err(error) => {
                let message = error.message(self.container.name(), &self.columns());
                return Err(foreign(message));
            }
        };
        let leaf = |column: usize| self.leaves[column].clone();
        Ok(Some(Choice {
            body: leaf(columns.body),
            status: columns.status.map(leaf),
            time: columns.time.map(leaf),
        }))
    }
}

fn foreign(message: String) -> Problem {
    Problem {
        message,
        is_foreign: true,
    }
}

fn is_candidate(leaf: &Leaf) -> bool {
    let name = leaf.path.last().map_or("", String::as_str);
    leaf.is_text() || is_status_name(name) || is_time_name(name)
}
