// The exchanges that the server has seen, as they come.

import { badge, reportOf } from "./report.js";
import { element } from "./elements.js";
import { fetchJson } from "./server.js";

const PERIOD = 1000;
const PERIOD_WHILE_WAITING = 50;
const PERIOD_WHILE_DOWN = 3000;
const MAX_SHOWN = 200;

const byRequest = new Map();
const waiting = new Map();
let latest = 0;
let timer = null;
let isAsking = false;
let isChecking = false;
let tell = () => {};
/// What is wrong: with the server of this page, with the gateway, and with the last request to it.
const trouble = { server: null, gateway: null, request: null };

/// Starts to ask; `notice` is called with what is wrong, or with null. The mock is no gateway of its own.
export function follow(notice, gateway) {
  tell = () => notice(trouble.server ?? trouble.gateway ?? trouble.request);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  ask();
  if (gateway) {
    check(gateway);
    checkAgain = () => check(gateway);
  }
}

let checkAgain = () => {};

/// Asks whether the gateway takes connections; while it does not, again and again.
async function check(gateway) {
  if (isChecking) return;
  isChecking = true;
  try {
    const { problem } = await fetchJson("/_upstream.json");
    if (trouble.gateway && !problem) trouble.request = null;
    trouble.gateway = problem
      ? `The gateway at ${gateway} does not answer: ${problem}. Start it, or start the playground again with the right --upstream; this page notices when it answers.`
      : null;
  } catch {
    // The server of this page is asked by `ask` as well, which tells what is wrong with it.
  }
  isChecking = false;
  tell();
  if (trouble.gateway) setTimeout(check, PERIOD_WHILE_DOWN, gateway);
}

/// Shows the report on the request with this id in `host` as soon as there is one.
export function showReport(host, requestId) {
  waiting.delete(host);
  const known = byRequest.get(requestId);
  if (known) {
    host.replaceChildren(reportOf(known));
    return;
  }
  host.replaceChildren(element("p", { class: "count" }, "Validating …"));
  waiting.set(host, requestId);
  ask();
}

async function ask() {
  if (isAsking) return;
  isAsking = true;
  clearTimeout(timer);
  try {
    take(await fetchJson(`/_playground/exchanges.json?after=${latest}`));
    trouble.server = null;
  } catch (error) {
    trouble.server = `The playground does not answer: ${error.message}. Is it still running?`;
  }
  tell();
  isAsking = false;
  const period = waiting.size ? PERIOD_WHILE_WAITING : PERIOD;
  if (!document.hidden) timer = setTimeout(ask, period);
}

function take(news) {
  if (news.latest < latest) {
    // The program was started again.
    latest = 0;
    return;
  }
  latest = news.latest;
  for (const exchange of news.exchanges) {
    if (exchange.request_id) byRequest.set(exchange.request_id, exchange);
    list(exchange);
  }
  for (const [host, requestId] of waiting) {
    if (byRequest.has(requestId)) showReport(host, requestId);
  }
  const last = news.exchanges.at(-1);
  if (last) {
    const isDown = last.outcome === "no_response";
    trouble.request = isDown ? `The gateway gives no response: ${last.message}.` : null;
    if (isDown) checkAgain();
  }
}

function list(exchange) {
  document.getElementById("no-requests").hidden = true;
  const details = element(
    "details",
    {},
    element(
      "summary",
      {},
      badge(kind(exchange), exchange.outcome === "no_response" ? "down" : exchange.status),
      element("span", { class: "request" }, element("b", {}, exchange.method), ` ${exchange.target}`),
      element("span", { class: "count" }, facts(exchange)),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(reportOf(exchange));
  });
  const exchanges = document.getElementById("exchanges");
  exchanges.prepend(element("li", {}, details));
  while (exchanges.children.length > MAX_SHOWN) {
    exchanges.lastElementChild.remove();
  }
}

function kind(exchange) {
  if (exchange.outcome === "no_response") return "failed";
  return exchange.outcome === "validated" ? exchange.verdict : "skipped";
}

function facts(exchange) {
  const time = new Date(exchange.time).toLocaleTimeString();
  const parts = [time, `${exchange.milliseconds} ms`];
  if (exchange.outcome === "validated") parts.push(exchange.verdict, exchange.task_status);
  return parts.filter(Boolean).join(" · ");
}
