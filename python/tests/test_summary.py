"""Parts of summaries equal those of the command line, byte for byte."""

import os
import subprocess

import duckdb
import polars
import pyarrow
import pyarrow.parquet
import pytest

import seedance_query

# Set by `check`: the program, built with the feature `parquet`.
PROGRAM = os.environ["SEEDANCE_QUERY"]
COLUMNS = {"column": "body", "status": "http_status", "time": "recorded_at"}


def run(*arguments: str, codes=(0, 1)) -> str:
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)
    assert done.returncode in codes, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def expected(parquet, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("parts") / "part.json"
    run("validate", parquet, "--summary-out", str(path), "-q")
    return path.read_text()


def test_the_part_of_a_table_is_that_of_its_file(table, parquet, expected):
    assert seedance_query.summary(table, name=parquet, **COLUMNS) == expected


def test_batches_do_not_matter(table, parquet, expected):
    for size in [1, 77, 1000]:
        rows = 200 if size == 1 else None
        some = table.slice(0, rows)
        whole = seedance_query.summary(some.combine_chunks(), name=parquet, **COLUMNS)
        reader = pyarrow.RecordBatchReader.from_batches(table.schema, some.to_batches(max_chunksize=size))
        assert seedance_query.summary(reader, name=parquet, **COLUMNS) == whole
        assert (whole == expected) == (rows is None)


def test_a_file_is_read_batch_by_batch(parquet, expected):
    file = pyarrow.parquet.ParquetFile(parquet)
    reader = pyarrow.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(batch_size=128))
    assert seedance_query.summary(reader, name=parquet, **COLUMNS) == expected


def test_polars_and_duckdb(parquet, expected):
    frame = polars.read_parquet(parquet)
    assert seedance_query.summary(frame, name=parquet, **COLUMNS) == expected
    reader = duckdb.sql(f"FROM '{parquet}' ORDER BY id").to_arrow_reader(500)
    assert seedance_query.summary(reader, name=parquet, **COLUMNS) == expected


def test_an_array_is_a_column_without_status_and_time(table, tmp_path):
    path = str(tmp_path / "bodies.parquet")
    pyarrow.parquet.write_table(table.select(["body"]), path)
    part = tmp_path / "part.json"
    run("validate", path, "--summary-out", str(part), "-q")
    assert seedance_query.summary(table["body"], name=path) == part.read_text()


def test_merged_parts_of_files_equal_the_whole(table, tmp_path):
    """As a data set of many files is: each is an input."""
    paths, parts = [], []
    for number, start in enumerate(range(0, len(table), 640)):
        rows = table.slice(start, 640)
        path = str(tmp_path / f"part-{number:05}.parquet")
        pyarrow.parquet.write_table(rows, path)
        paths.append(path)
        parts.append(seedance_query.summary(rows, name=path, **COLUMNS))
    whole = tmp_path / "whole.json"
    run("validate", *paths, "--summary-out", str(whole), "-q")
    merged = seedance_query.merge(parts[::-1] + parts[:2])
    assert merged == whole.read_text()
    assert seedance_query.show(merged) == run("summary", "show", "--format", "json", str(whole))
    with_timeline = run("summary", "show", "--format", "json", "--timeline", str(whole))
    assert seedance_query.show(merged, timeline=True) == with_timeline
    assert seedance_query.show(merged, format="html").startswith("<!")


def test_what_is_no_part_or_no_column_is_refused(table, parquet, expected):
    for text in ["", "{}", expected[:100]]:
        with pytest.raises(ValueError):
            seedance_query.show(text)
        with pytest.raises(ValueError):
            seedance_query.merge([expected, text])
    with pytest.raises(ValueError, match="no parts"):
        seedance_query.merge([])
    with pytest.raises(TypeError, match="there is no column answer; the columns are id, body"):
        seedance_query.summary(table, name=parquet, column="answer")
    with pytest.raises(TypeError, match="found Int64"):
        seedance_query.summary(table, name=parquet, column="id")
    with pytest.raises(ValueError, match="json or html"):
        seedance_query.show(expected, format="text")


def test_an_error_of_the_stream_is_told(table):
    def batches():
        yield from table.slice(0, 10).to_batches()
        raise OSError("the network is gone")

    reader = pyarrow.RecordBatchReader.from_batches(table.schema, batches())
    with pytest.raises(TypeError, match="the network is gone"):
        seedance_query.summary(reader, name="x")
