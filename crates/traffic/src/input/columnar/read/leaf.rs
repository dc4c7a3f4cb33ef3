//! The columns of a table, with those within structs.

use arrow_array::{Array, ArrayRef, RecordBatch, cast::AsArray};
use arrow_schema::{DataType, Fields};

/// A column that is no struct.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// Its name, after those of the structs that it is in.
    pub path: Vec<String>,
    pub data_type: DataType,
}

/// What is read of a column.
pub(super) struct LeafArray {
    pub array: ArrayRef,
    /// The structs that it is in; where one of them is null, so is the value.
    structs: Vec<ArrayRef>,
}

impl Leaf {
    /// All leaves below some fields.
    pub fn all(fields: &Fields) -> Vec<Self> {
        let mut found = Vec::new();
        add(fields, &[], &mut found);
        found
    }

    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// Its name, and what is in it.
    pub fn shown(&self) -> String {
        format!("{} ({})", self.name(), kind(&self.data_type))
    }

    /// Whether bodies can be in it.
    pub fn is_text(&self) -> bool {
        match &self.data_type {
            DataType::Dictionary(_, values) => is_text(values),
            other => is_text(other),
        }
    }

    /// What is in it in a batch; none if the batch has no such column.
    pub fn of(&self, batch: &RecordBatch) -> Option<LeafArray> {
        let (first, rest) = self.path.split_first()?;
        let mut array = batch.column_by_name(first)?.clone();
        let mut structs = Vec::new();
        for name in rest {
            let inner = array.as_struct_opt()?.column_by_name(name)?.clone();
            structs.push(std::mem::replace(&mut array, inner));
        }
        Some(LeafArray { array, structs })
    }
}

impl LeafArray {
    pub fn is_null(&self, row: usize) -> bool {
        self.array.is_null(row) || self.structs.iter().any(|outer| outer.is_null(row))
    }
}

fn add(fields: &Fields, path: &[String], found: &mut Vec<Leaf>) {
    for field in fields {
        let path = [path, std::slice::from_ref(field.name())].concat();
        match field.data_type() {
            DataType::Struct(fields) => add(fields, &path, found),
            other => found.push(Leaf {
                path,
                data_type: other.clone(),
            }),
        }
    }
}

pub(super) fn is_text(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
    )
}

/// What a column holds, in a word.
pub(super) fn kind(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Dictionary(_, values) => kind(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "string",
        other if is_text(other) => "bytes",
        DataType::Boolean => "boolean",
        DataType::Timestamp(..) => "timestamp",
        DataType::Date32 | DataType::Date64 => "date",
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..) => "list",
        DataType::Map(..) => "map",
        DataType::Struct(_) => "struct",
        other if other.is_integer() => "integer",
        other if other.is_numeric() => "number",
        _ => "other",
    }
}
