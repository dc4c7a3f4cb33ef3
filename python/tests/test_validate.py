"""`validate` on arrays of each kind, from each library."""

import duckdb
import polars
import pyarrow
import pytest

import seedance_query

KINDS = [
    pyarrow.utf8(),
    pyarrow.large_utf8(),
    pyarrow.string_view(),
    pyarrow.binary(),
    pyarrow.large_binary(),
    pyarrow.binary_view(),
]


def reports(array) -> list:
    return pyarrow.array(seedance_query.validate(array)).to_pylist()


@pytest.fixture(scope="module")
def expected(bodies) -> list:
    return reports(pyarrow.array(bodies))


def test_a_report_tells_what_is_wrong_and_where(bodies, expected):
    for body, report in zip(bodies, expected, strict=True):
        assert (body is None) == (report is None)
    sound = expected[0]
    assert sound == {
        "verdict": "conforms",
        "shape": "pending",
        "task_id": "asyntask_" + "0" * 32,
        "status": "QUEUED",
        "findings": [],
    }
    html = expected[28]
    assert (html["verdict"], html["task_id"]) == ("violates", None)
    odd = next(report for report in expected if report and report["status"] == "DELETED")
    assert odd["verdict"] == "violates"
    finding = odd["findings"][0]
    assert finding["rule"] == "unknown-status" and finding["pointer"] == "/data/status"
    assert finding["severity"] == "error" and "DELETED" in finding["message"]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_kind_of_strings_or_bytes_does_not_matter(bodies, expected, kind):
    is_text = "string" in str(kind)
    values = [body if is_text or body is None else body.encode() for body in bodies]
    assert reports(pyarrow.array(values, kind)) == expected


def test_dictionaries_slices_and_chunks(bodies, expected):
    array = pyarrow.array(bodies)
    assert reports(array.dictionary_encode()) == expected
    assert reports(array.slice(100, 50)) == expected[100:150]
    chunked = pyarrow.chunked_array([array.slice(0, 1000), array.slice(1000)])
    found = pyarrow.chunked_array(seedance_query.validate(chunked))
    assert [len(chunk) for chunk in found.chunks] == [1000, 2000]
    assert found.to_pylist() == expected
    assert reports(pyarrow.array([], pyarrow.utf8())) == []
    assert reports(pyarrow.nulls(2)) == [None, None]
    empty = pyarrow.chunked_array(seedance_query.validate(pyarrow.chunked_array([], pyarrow.utf8())))
    assert len(empty) == 0 and empty.type == found.type


def test_polars(bodies, expected):
    series = polars.Series("body", bodies)
    found = polars.Series(seedance_query.validate(series))
    assert found.to_list() == expected
    verdicts = found.struct.field("verdict").value_counts()
    assert sum(verdicts["count"]) == len(bodies)


def test_polars_expression(bodies, expected):
    frame = polars.DataFrame({"body": bodies})
    found = frame.select(
        polars.col("body").map_batches(
            lambda series: polars.Series(seedance_query.validate(series)),
            return_dtype=polars.Series(seedance_query.validate(polars.Series(["{}"]))).dtype,
        )
    )
    assert found["body"].to_list() == expected


def test_duckdb(parquet, expected):
    column = duckdb.sql(f"SELECT body FROM '{parquet}' ORDER BY id").to_arrow_table()["body"]
    found = pyarrow.table({"report": pyarrow.chunked_array(seedance_query.validate(column))})
    counts = duckdb.sql("SELECT report.verdict, count(*) FROM found GROUP BY 1 ORDER BY 1 NULLS LAST").fetchall()
    assert dict(counts) == {
        verdict: sum((report or {}).get("verdict") == verdict for report in expected)
        for verdict in ["conforms", "drifts", "violates", None]
    }


def test_other_types_are_refused(bodies):
    for array in [pyarrow.array([1, 2]), pyarrow.array([[b"x"]]), pyarrow.array([{"body": "{}"}])]:
        with pytest.raises(TypeError, match="expected bodies as strings or bytes, found"):
            seedance_query.validate(array)
    with pytest.raises((TypeError, ValueError)):
        seedance_query.validate(["{}"])


def test_a_body_that_is_too_long_is_unreadable():
    [report] = reports(pyarrow.array([b"x" * 5_000_000]))
    assert report["verdict"] == "unreadable"
    assert report["findings"][0]["message"] == "this body is longer than 4 MB"


def test_the_lock_of_the_interpreter_is_released(bodies):
    """Another thread goes on while bodies are validated."""
    import threading

    array = pyarrow.array(bodies * 20)
    ticks = 0
    is_over = threading.Event()

    def tick():
        nonlocal ticks
        while not is_over.wait(0.0005):
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    before = ticks
    seedance_query.validate(array)
    during = ticks - before
    is_over.set()
    thread.join()
    assert during >= 3, during
