"""Validates answers of the Seedance task query in Arrow arrays.

Arrays, tables and streams are taken from, and given to, any library that has the Arrow PyCapsule
interface: pyarrow, Polars, DuckDB, pandas, nanoarrow. The GIL is released while bodies are validated.
"""

from collections.abc import Sequence
from typing import Any, Literal, Protocol

class ArrowArray(Protocol):
    """An array that exports itself once."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class ArrowStream(Protocol):
    """A stream of arrays, such as a chunked array or a table."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

def validate(array: ArrowArray | ArrowStream) -> Any:
    """Validates each body of an Arrow array of strings or bytes.

    Returns an Arrow array, chunked if `array` is, of structs
    `(verdict, shape, task_id, status, findings: list[(rule, severity, pointer, message)])`; null for null.
    `verdict` is `conforms`, `drifts`, `violates`, or `unreadable` for a body of more than 4 MB.

    Raises `TypeError` for an array of another type.
    """

def summary(
    data: ArrowArray | ArrowStream,
    *,
    name: str,
    column: str = "body",
    status: str | None = None,
    time: str | None = None,
) -> str:
    """Summarises bodies as `seedance-query validate --summary-out` does for a Parquet file.

    `data` is an array, or a table or stream of record batches in which `column`, `status` (HTTP) and `time` are
    columns; it is read batch by batch. `name` is the input's: the path of the file. The part that is returned is
    that of the command line, byte for byte, if the rows are those of the file, in whatever batches.

    Raises `TypeError` if a column is missing or of another type.
    """

def merge(parts: Sequence[str]) -> str:
    """Merges parts, in any order; an input (a name and its content) that is in several counts once.

    Raises `ValueError` for what is no part.
    """

def show(part: str, *, format: Literal["json", "html"] = "json", timeline: bool = False) -> str:
    """The summary of a part as `seedance-query summary show --format json` prints it.

    Raises `ValueError` for what is no part.
    """
