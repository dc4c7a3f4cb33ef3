"""Validates a column of Parquet files in Spark: a part for each partition, merged by the driver.

    python spark_summary.py DIRECTORY
"""

import sys
from collections.abc import Iterator

import pyarrow
from pyspark import TaskContext
from pyspark.sql import SparkSession

import seedance_query


def verdicts(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """The verdict and the task of each row, beside its id."""
    for batch in batches:
        reports = pyarrow.array(seedance_query.validate(batch["body"]))
        columns = [batch["id"], reports.field("verdict"), reports.field("task_id")]
        yield pyarrow.RecordBatch.from_arrays(columns, ["id", "verdict", "task_id"])


def parts(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """The part of a partition, which is an input of its own."""
    first = next(batches, None)
    if first is None:
        return

    def all_batches():
        yield first
        yield from batches

    reader = pyarrow.RecordBatchReader.from_batches(first.schema, all_batches())
    name = f"partition {TaskContext.get().partitionId()}"
    part = seedance_query.summary(reader, name=name, status="http_status", time="recorded_at")
    yield pyarrow.RecordBatch.from_arrays([pyarrow.array([part])], ["part"])


def summary(spark: SparkSession, directory: str) -> str:
    """The merged part of all files."""
    rows = spark.read.parquet(directory).mapInArrow(parts, "part string").collect()
    return seedance_query.merge([row.part for row in rows])


if __name__ == "__main__":
    session = SparkSession.builder.master("local[2]").getOrCreate()
    frame = session.read.parquet(sys.argv[1])
    frame.mapInArrow(verdicts, "id long, verdict string, task_id string").groupBy("verdict").count().show()
    print(seedance_query.show(summary(session, sys.argv[1])))
