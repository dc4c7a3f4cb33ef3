"""Spark's `mapInArrow` and Ray's `map_batches`, as the examples use them."""

import importlib.util
import json
import os
import pathlib
import sys

import pyarrow.parquet
import pytest

import seedance_query

pytestmark = pytest.mark.engine
EXAMPLES = pathlib.Path(__file__).parent.parent / "examples"


def example(name: str):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def directory(table, tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("dataset")
    for number, start in enumerate(range(0, len(table), 1000)):
        pyarrow.parquet.write_table(table.slice(start, 1000), path / f"{number}.parquet")
    return path


@pytest.fixture(scope="module")
def reports(table) -> list:
    return pyarrow.chunked_array(seedance_query.validate(table["body"])).to_pylist()


@pytest.fixture(scope="module")
def verdicts(reports) -> dict:
    return {row: (report or {}).get("verdict") for row, report in enumerate(reports)}


@pytest.fixture(scope="module")
def facts(reports):
    """What does not depend on which rows are an input: counts, and the findings of each body by itself."""
    rules = {finding["rule"] for report in reports if report for finding in report["findings"]}
    names = ["responses", "tasks", "shapes", "forms", "fields", "values", "items", "skipped_by_reason", "recorded_as"]

    def facts_of(part: str) -> dict:
        summary = json.loads(seedance_query.show(part))["summary"]
        findings = [(found["rule"], found["pointer"], found["count"]) for found in summary["drifts"]]
        return {name: summary[name] for name in names} | {
            "findings": sorted(found for found in findings if found[0] in rules)
        }

    return facts_of


@pytest.fixture(scope="module")
def expected(table, facts) -> dict:
    found = facts(seedance_query.summary(table, name="all", status="http_status", time="recorded_at"))
    assert found["responses"] > 2800 and len(found["findings"]) > 2
    return found


def test_spark(directory, expected, verdicts, facts):
    module = example("spark_summary")
    from pyspark.sql import SparkSession

    # Otherwise the workers are those of the first Python on the path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = spark.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    try:
        frame = spark.read.parquet(str(directory))
        rows = frame.mapInArrow(module.verdicts, "id long, verdict string, task_id string").collect()
        assert {row.id: row.verdict for row in rows} == verdicts
        assert facts(module.summary(spark, str(directory))) == expected
    finally:
        spark.stop()


def test_ray(directory, expected, verdicts, facts):
    module = example("ray_summary")
    import ray

    ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1")
    try:
        data = ray.data.read_parquet(str(directory))
        rows = data.map_batches(module.verdicts, batch_format="pyarrow", batch_size=500).take_all()
        assert {row["id"]: row["verdict"] for row in rows} == verdicts
        assert facts(module.summary(str(directory))) == expected
    finally:
        ray.shutdown()
