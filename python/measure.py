"""Bodies per second of `validate` and `summary` against a plain read of the same column, in one run.

    python measure.py PROGRAM DIRECTORY [BODIES]
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet

import seedance_query

STATUSES = ["NOT_START", "QUEUED", "IN_PROGRESS", "SUCCESS"]
POLLS_OF_A_TASK = 4
ROWS = 8192


def body(number: int) -> str:
    task = {
        "task_id": f"asyntask_{number // POLLS_OF_A_TASK:032d}",
        "action": "generate",
        "status": STATUSES[number % 3],
        "submit_time": 1780000000 + number // POLLS_OF_A_TASK,
        "start_time": 0,
        "finish_time": 0,
        "progress": f"{number % 100}%",
        "request_id": f"20260427111505{number:012d}NBdvZFoP",
        "data": {
            "id": f"cgt-20260427191505-{number // POLLS_OF_A_TASK % 99999:05d}",
            "model": "doubao-seedance-2-0-260128",
            "status": "running",
            "created_at": 1780000000 + number,
            "updated_at": 1780000000 + number + 20,
            "service_tier": "default",
            "execution_expires_after": 172800,
        },
    }
    return json.dumps({"code": "success", "message": "", "data": task}, separators=(",", ":"))


def make(path: Path, bodies: int) -> None:
    schema = pyarrow.schema([("id", pyarrow.int64()), ("body", pyarrow.string())])
    with pyarrow.parquet.ParquetWriter(path, schema, compression="snappy") as writer:
        for start in range(0, bodies, 100_000):
            numbers = range(start, min(start + 100_000, bodies))
            columns = {"id": numbers, "body": [body(number) for number in numbers]}
            writer.write_table(pyarrow.table(columns, schema=schema))


def batches(path: Path) -> Iterator[pyarrow.RecordBatch]:
    return pyarrow.parquet.ParquetFile(path).iter_batches(columns=["body"], batch_size=ROWS)


def read(path: Path) -> int:
    return sum(batch.nbytes for batch in batches(path))


def validate(path: Path) -> int:
    return sum(len(pyarrow.array(seedance_query.validate(batch["body"]))) for batch in batches(path))


def summary(path: Path) -> str:
    schema = pyarrow.schema([("body", pyarrow.string())])
    reader = pyarrow.RecordBatchReader.from_batches(schema, batches(path))
    return seedance_query.summary(reader, name=str(path))


def program(command: list[str]) -> int:
    """Runs the program; its peak memory in kB, without the program itself.

    What `getrusage` tells of a child has a floor: the memory of this process when it was started.
    """
    peak = 0
    child = subprocess.Popen(command, stderr=subprocess.PIPE)
    while child.poll() is None:
        try:
            status = Path(f"/proc/{child.pid}/status").read_text()
        except OSError:
            break
        now = [int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")]
        peak = max([peak, *now])
        time.sleep(0.01)
    _, complaints = child.communicate()
    if child.returncode != 0:
        raise SystemExit(f"{command}: {complaints.decode()}")
    return peak


def main() -> None:
    exe, directory = sys.argv[1], Path(sys.argv[2])
    bodies = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    path, stored = directory / f"bodies-{bodies}.parquet", directory / "part.json"
    if not path.exists():
        make(path, bodies)
    seconds = {}

    def timed(name, call):
        start = time.perf_counter()
        result = call()
        seconds[name] = time.perf_counter() - start
        return result

    size = timed("pyarrow, the column read", lambda: read(path))
    timed("seedance_query.validate", lambda: validate(path))
    part = timed("seedance_query.summary", lambda: summary(path))
    command = [exe, "validate", str(path), "-q", "--summary-out", str(stored)]
    peak = timed("seedance-query validate --summary-out", lambda: program(command))
    timed("pyarrow, the column read again", lambda: read(path))

    print(f"{bodies:,} bodies of {size // bodies} bytes, {os.cpu_count()} cores")
    plain = min(took for name, took in seconds.items() if name.startswith("pyarrow"))
    for name, took in seconds.items():
        print(f"{name:40} {took:7.2f} s {bodies / took / 1000:8,.0f} thousand bodies/s {took / plain:6.1f} times the read")
    print(f"peak memory of the program: {peak / 1000:.0f} MB")
    if stored.read_text() != part:
        raise SystemExit("the parts of the wheel and of the program differ")


main()
