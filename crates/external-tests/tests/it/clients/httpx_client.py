"""Submits to the short form, polls its list and downloads, as clients of the upstream's API do."""

import asyncio
import hashlib
import json
import os
import sys

import httpx

base_url, prompt = sys.argv[1:]
key = {"Authorization": f"Bearer {os.environ['SEEDANCE_API_KEY']}"}


async def finished(client, task_id):
    while True:
        reply = await client.get(f"/v1/generation/tasks/{task_id}", headers=key)
        task = reply.raise_for_status().json()
        if task["status"] in ("succeeded", "failed"):
            return task
        await asyncio.sleep(0.05)


async def main():
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=30) as client:
        content = [{"type": "text", "text": prompt}]
        request = {"model": "seedance-2.0", "content": content}
        reply = await client.post("/v1/generation/tasks", json=request, headers=key)
        task_id = reply.raise_for_status().json()["id"]
        task = await asyncio.wait_for(finished(client, task_id), 30)
        result = {"task_id": task_id, "sha256": None}
        if task["status"] == "failed":
            result["error"] = task["error"]["message"]
        else:
            url = task["content"][0]["video_url"]["url"]
            is_own = url.startswith(f"{base_url}/v1/")
            video = await client.get(url, headers=key if is_own else None)
            result["sha256"] = hashlib.sha256(video.raise_for_status().content).hexdigest()
            result["tokens"] = task["usage"]["total_tokens"]
        print(json.dumps(result))


asyncio.run(main())
