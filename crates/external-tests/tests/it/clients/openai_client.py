"""Creates, retrieves and downloads a video with OpenAI's own library."""

import hashlib
import json
import os
import sys
import time

from openai import APIStatusError, OpenAI

base_url, prompt = sys.argv[1:]
client = OpenAI(base_url=f"{base_url}/v1", api_key=os.environ["SEEDANCE_API_KEY"], max_retries=0)

try:
    video = client.videos.create(model="seedance-2.0", prompt=prompt, seconds="8", size="1280x720")
except APIStatusError as error:
    print(json.dumps({"status": error.status_code}))
    sys.exit()

result = {"task_id": video.id, "first": video.status, "seen": [], "sha256": None}
deadline = time.monotonic() + 30
while video.status not in ("completed", "failed"):
    assert time.monotonic() < deadline, "the task does not end"
    video = client.videos.retrieve(video.id)
    if video.status not in result["seen"]:
        result["seen"].append(video.status)

if video.status == "completed":
    content = client.videos.download_content(video.id).read()
    result["sha256"] = hashlib.sha256(content).hexdigest()
else:
    result["error"] = video.error.message
print(json.dumps(result))
