// Submits, polls and downloads with fetch, after the preflight that a browser would send.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const [baseUrl, prompt] = process.argv.slice(2);
const submissions = `${baseUrl}/v1/video/generations`;
const origin = 'https://app.example';
const key = { Authorization: `Bearer ${process.env.SEEDANCE_API_KEY}` };

async function json(response) {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

const preflight = await fetch(submissions, {
  method: 'OPTIONS',
  headers: {
    Origin: origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization,content-type',
  },
});
const submitted = await json(
  await fetch(submissions, {
    method: 'POST',
    headers: { ...key, Origin: origin, 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: 'seedance-2.0', content: [{ type: 'text', text: prompt }] }),
  }),
);
const id = submitted.task_id;

let task;
let exposed;
const deadline = Date.now() + 30_000;
while (task?.status !== 'SUCCESS') {
  if (Date.now() > deadline) throw new Error('the task does not end');
  const response = await fetch(`${submissions}/${id}`, { headers: { ...key, Origin: origin } });
  exposed = response.headers.get('access-control-expose-headers');
  task = (await json(response)).data;
  await sleep(50);
}

const video = await fetch(task.result_url, { headers: { Origin: origin } });
if (!video.ok) throw new Error(`${video.status}`);
const bytes = Buffer.from(await video.arrayBuffer());
console.log(
  JSON.stringify({
    task_id: id,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    preflight: [preflight.status, preflight.headers.get('access-control-allow-origin')],
    exposed,
  }),
);
