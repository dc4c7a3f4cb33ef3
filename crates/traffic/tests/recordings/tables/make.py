"""Writes the files beside this one into a directory: `python make.py DIRECTORY`.

Needs pyarrow, duckdb and polars.
"""
import json, sys, pathlib
import pyarrow as pa, pyarrow.parquet as pq, pyarrow.feather as feather
import duckdb, polars as pl
out = pathlib.Path(sys.argv[1]); out.mkdir(parents=True, exist_ok=True)

def body(n, status, **more):
    data = {"task_id": f"asyntask_{n:032d}", "action": "generate", "status": status,
            "submit_time": 1780000000, "start_time": 0, "finish_time": 0,
            "progress": "0%", "request_id": "20260901100000000000000AbCdEfGh", **more}
    return json.dumps({"code": "success", "message": "", "data": data}, separators=(",", ":"))

bodies = [body(1, "NOT_START"), body(2, "QUEUED"), body(3, "QUEUED", mood="fine"),
          body(4, "QUEUED", progress=7), '{"error":{"code":"","message":"no such key","type":"new_api_error","param":""}}',
          body(6, "DELETED"), None, body(8, "NOT_START")]
status = [200, 200, 200, 200, 401, 200, None, 200]
times = [1780601335 + 15 * i for i in range(8)]
(out / "bodies.ndjson").write_text("\n".join(b for b in bodies if b is not None) + "\n")
ids = list(range(1, 9))
strings = {"utf8": pa.utf8(), "large-utf8": pa.large_utf8(), "utf8-view": pa.string_view(),
           "binary": pa.binary(), "large-binary": pa.large_binary(), "binary-view": pa.binary_view(),
           "dictionary": pa.dictionary(pa.int32(), pa.utf8())}
def table(t, column="body"):
    plain = pa.array(bodies, pa.utf8())
    if pa.types.is_dictionary(t): a = plain.dictionary_encode()
    else: a = pa.array([b if (b is None or 'utf8' in str(t) or 'string' in str(t)) else b.encode() for b in bodies], t)
    return pa.table({"id": pa.array(ids), column: a, "http_status": pa.array(status, pa.int32()),
                     "recorded_at": pa.array([t * 1_000_000 for t in times], pa.timestamp("us", "UTC"))})
codecs = ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]
for i, (name, t) in enumerate(strings.items()):
    tab = table(t)
    codec = codecs[i % len(codecs)]
    pq.write_table(tab, out / f"{name}.{codec}.parquet", compression=codec, row_group_size=[8, 3, 1][i % 3],
                   data_page_version=["1.0", "2.0"][i % 2])
    with pa.OSFile(str(out / f"{name}.arrow"), "wb") as f, pa.ipc.new_file(f, tab.schema,
            options=pa.ipc.IpcWriteOptions(compression=[None, "lz4", "zstd"][i % 3])) as w:
        w.write_table(tab, max_chunksize=[8, 3, 1][i % 3])
    with pa.OSFile(str(out / f"{name}.arrows"), "wb") as f, pa.ipc.new_stream(f, tab.schema,
            options=pa.ipc.IpcWriteOptions(compression=[None, "lz4", "zstd"][i % 3])) as w:
        w.write_table(tab, max_chunksize=[8, 3, 1][i % 3])
feather.write_feather(table(pa.utf8()), out / "v2.feather")
feather.write_feather(table(pa.utf8()).select(["body"]), out / "v1.feather", version=1)
t = table(pa.utf8())
# Not to be read, or only when told.
nested = pa.table({"id": ids, "response": pa.StructArray.from_arrays([pa.array(bodies), pa.array(status, pa.int32())], ["body", "status_code"])})
pq.write_table(nested, out / "struct.parquet")
pq.write_table(pa.table({"id": ids, "events": pa.array([[b] if b else [] for b in bodies])}), out / "list.parquet")
pq.write_table(pa.table({"id": ids, "score": pa.array([0.5] * 8)}), out / "numbers.parquet")
pq.write_table(pa.table({"id": ids, "note": ["a note"] * 8}), out / "notes.parquet")
pq.write_table(t.slice(0, 0), out / "empty.parquet")
with pa.OSFile(str(out / "empty.arrows"), "wb") as f, pa.ipc.new_stream(f, t.schema) as w: pass
pq.write_table(pa.table({"id": ids, "body": pa.array([None] * 8, pa.utf8())}), out / "nulls.parquet")
import pyarrow.parquet.encryption as pe
class Kms(pe.KmsClient):
    def wrap_key(self, key, master): return __import__("base64").b64encode(key)
    def unwrap_key(self, key, master): return __import__("base64").b64decode(key)
for name, plain in [("encrypted", False), ("encrypted-columns", True)]:
    f = pe.CryptoFactory(lambda c: Kms())
    conf = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["body"]}, plaintext_footer=plain)
    props = f.file_encryption_properties(pe.KmsConnectionConfig(), conf)
    with pq.ParquetWriter(out / f"{name}.parquet", t.schema, encryption_properties=props) as w: w.write_table(t)
con = duckdb.connect(); con.register("t", t)
con.execute(f"COPY (SELECT * FROM t) TO '{out}/duckdb.parquet' (FORMAT parquet, COMPRESSION zstd)")
p = pl.from_arrow(t)
p.write_parquet(out / "polars.parquet"); p.write_ipc(out / "polars.arrow", compression="zstd"); p.write_ipc_stream(out / "polars.arrows")
for f in sorted(out.iterdir()): print(f.name, f.stat().st_size)
