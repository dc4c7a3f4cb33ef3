"""Bodies to validate, as a table and as a Parquet file."""

import json

import pyarrow
import pyarrow.parquet
import pytest

STATUSES = ["NOT_START", "QUEUED", "IN_PROGRESS", "DELETED"]


def body(number: int) -> str | None:
    """A poll of one of many tasks; some are missing, some are no JSON."""
    if number % 17 == 0:
        return None
    if number % 29 == 0:
        return "<html>502</html>"
    task = {
        "task_id": f"asyntask_{number // 3:032d}",
        "action": "generate",
        "status": STATUSES[number % 4],
        "submit_time": 1780000000 + number,
        "start_time": 0,
        "finish_time": 0,
        "progress": f"{number % 100}%",
        "request_id": "20260901100000000000000AbCdEfGh",
    }
    if number % 7 == 0:
        task["mood"] = number
    return json.dumps({"code": "success", "message": "", "data": task}, separators=(",", ":"))


@pytest.fixture(scope="session")
def bodies() -> list[str | None]:
    return [body(number) for number in range(1, 3001)]


@pytest.fixture(scope="session")
def table(bodies) -> pyarrow.Table:
    count = len(bodies)
    return pyarrow.table(
        {
            "id": range(count),
            "body": bodies,
            "http_status": pyarrow.array([502 if b and b[0] == "<" else 200 for b in bodies], pyarrow.int32()),
            "recorded_at": pyarrow.array(
                [(1780601335 + 15 * n) * 1_000_000 for n in range(count)], pyarrow.timestamp("us", "UTC")
            ),
        }
    )


@pytest.fixture(scope="session")
def parquet(table, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("lake") / "polls.parquet"
    pyarrow.parquet.write_table(table, path, row_group_size=700)
    return str(path)
