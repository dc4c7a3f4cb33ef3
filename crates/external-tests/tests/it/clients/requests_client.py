"""Submits, polls the task query and downloads, as scripts with requests do."""

import hashlib
import json
import os
import sys
import time

import requests

base_url, prompt = sys.argv[1:]
session = requests.Session()
session.trust_env = False
session.headers["Authorization"] = f"Bearer {os.environ['SEEDANCE_API_KEY']}"

submitted = session.post(
    f"{base_url}/v1/video/generations",
    json={"model": "seedance-2.0", "content": [{"type": "text", "text": prompt}]},
    timeout=30,
)
submitted.raise_for_status()
task_id = submitted.json().get("task_id") or submitted.json()["id"]
result = {
    "task_id": task_id,
    "request_id": submitted.headers["X-Oneapi-Request-Id"],
    "refused": 0,
    "sha256": None,
}

deadline = time.monotonic() + 30
while True:
    assert time.monotonic() < deadline, "the task does not end"
    reply = session.get(f"{base_url}/v1/video/generations/{task_id}", timeout=30)
    if reply.status_code == 429:
        result["refused"] += 1
        time.sleep(float(reply.headers.get("Retry-After", 1)))
        continue
    reply.raise_for_status()
    task = reply.json()["data"]
    if task["status"] in ("SUCCESS", "FAILURE"):
        break
    time.sleep(0.05)

result["fail_reason"] = task.get("fail_reason")
if task["status"] == "SUCCESS":
    digest = hashlib.sha256()
    # The key is for the gateway alone.
    is_own = task["result_url"].startswith(f"{base_url}/v1/")
    headers = None if is_own else {"Authorization": None}
    with session.get(task["result_url"], headers=headers, stream=True, timeout=30) as video:
        video.raise_for_status()
        for chunk in video.iter_content(65536):
            digest.update(chunk)
    result["sha256"] = digest.hexdigest()
print(json.dumps(result))
