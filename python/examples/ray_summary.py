"""Validates a column of Parquet files in Ray: a part for each batch, merged at the end.

    python ray_summary.py DIRECTORY
"""

import sys

import pyarrow
import ray

import seedance_query


def verdicts(batch: pyarrow.Table) -> pyarrow.Table:
    """The verdict of each row, beside its id."""
    reports = pyarrow.chunked_array(seedance_query.validate(batch["body"]))
    verdict = pyarrow.chunked_array([chunk.field("verdict") for chunk in reports.chunks], pyarrow.utf8())
    return batch.select(["id"]).append_column("verdict", verdict)


def part(batch: pyarrow.Table) -> pyarrow.Table:
    """The part of a batch, which is an input of its own, known by its first row."""
    name = f"rows from {batch['id'][0]}" if len(batch) else "no rows"
    text = seedance_query.summary(batch, name=name, status="http_status", time="recorded_at")
    return pyarrow.table({"part": [text]})


def summary(directory: str) -> str:
    """The merged part of all files."""
    parts = ray.data.read_parquet(directory).map_batches(part, batch_format="pyarrow", batch_size=1024)
    return seedance_query.merge([row["part"] for row in parts.take_all()])


if __name__ == "__main__":
    data = ray.data.read_parquet(sys.argv[1])
    found = data.map_batches(verdicts, batch_format="pyarrow", batch_size=1024)
    print(found.groupby("verdict").count().take_all())
    print(seedance_query.show(summary(sys.argv[1])))
