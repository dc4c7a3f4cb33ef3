//! The rows of a Parquet file, one row group after the other.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Fields, Schema};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{
            ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
            ParquetRecordBatchReaderBuilder,
        },
    },
    errors::Result,
    file::{metadata::RowGroupMetaData, reader::Length},
};

use super::{
    super::{container::Container, problem::Problem},
    choice::MAX_SAMPLED,
    leaf::Leaf,
    seekable::Seekable,
    table_source::TableSource,
};
use crate::input::budget::is_out_of_proportion;

/// How many rows are read at a time.
const BATCH: usize = 128;

/// A Parquet file of which the footer was read.
pub(super) struct ParquetFile {
    source: Seekable,
    metadata: ArrowReaderMetadata,
}

impl ParquetFile {
    pub fn open(source: TableSource<'_>) -> std::result::Result<Self, Problem> {
        let source = Seekable::of(source, Container::Parquet)?;
        if source.len() < 12 || source.last() != Some(*b"PAR1") {
            return Err(Problem::unreadable(
                "this Parquet file is cut off: its footer is missing; nothing can be read without it",
            ));
        }
        let damaged = |error| Problem::unreadable(format!("this Parquet file is damaged: {error}"));
        let metadata =
            ArrowReaderMetadata::load(&source, ArrowReaderOptions::new()).map_err(damaged)?;
        let metadata = with_views(&metadata).map_err(damaged)?;
        Ok(Self { source, metadata })
    }

    pub fn fields(&self) -> &Fields {
        self.metadata.schema().fields()
    }

    /// The first rows of some columns.
    pub fn first<'a>(
        &self,
        leaves: impl Iterator<Item = &'a Leaf>,
    ) -> Result<ParquetRecordBatchReader> {
        self.builder(leaves).with_limit(MAX_SAMPLED).build()
    }

    /// All rows of some columns.
    pub fn all<'a>(
        &self,
        leaves: impl Iterator<Item = &'a Leaf>,
    ) -> Result<ParquetRecordBatchReader> {
        self.builder(leaves).build()
    }

    fn builder<'a>(
        &self,
        leaves: impl Iterator<Item = &'a Leaf>,
    ) -> ParquetRecordBatchReaderBuilder<Seekable> {
        let schema = self.metadata.parquet_schema();
        let indices: Vec<usize> = leaves
            .filter_map(|leaf| {
                let mut columns = schema.columns().iter();
                columns.position(|column| column.path().parts() == leaf.path)
            })
            .collect();
        let mask = ProjectionMask::leaves(schema, indices);
        ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.source.clone(),
            self.metadata.clone(),
        )
        .with_batch_size(BATCH)
        .with_projection(mask)
    }

    /// Whether far more comes out of a column than its size, as no recording has it.
    pub fn is_bomb(&self, leaf: &Leaf) -> bool {
        let groups = self.metadata.metadata().row_groups().iter();
        let mut chunks = groups.flat_map(RowGroupMetaData::columns);
        chunks.any(|chunk| {
            let size = |size: i64| u64::try_from(size).unwrap_or(0);
            chunk.column_path().parts() == leaf.path
                && is_out_of_proportion(
                    size(chunk.compressed_size()),
                    size(chunk.uncompressed_size()),
                )
        })
    }
}

/// The same with text and bytes as views of what was read, so that a value that comes often is in
/// memory once.
fn with_views(metadata: &ArrowReaderMetadata) -> Result<ArrowReaderMetadata> {
    let schema = metadata.schema();
    let fields: Fields = schema.fields().iter().map(with_view).collect();
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options)
}

fn with_view(field: &FieldRef) -> FieldRef {
    let data_type = view(field.data_type());
    Arc::new(Field::clone(field).with_data_type(data_type))
}

fn view(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::Dictionary(_, values) => view(values),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(with_view).collect()),
        other => other.clone(),
    }
}
