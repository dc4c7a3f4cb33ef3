// The report on an exchange.

import { element, plural } from "./elements.js";

const VERDICTS = { conforms: "Conforms", drifts: "Drifts", violates: "Violates" };

export function reportOf(exchange) {
  const report = element("div", { class: "report", "data-exchange": exchange.number });
  if (exchange.outcome === "no_response") {
    report.append(verdict("failed", "No response"), element("p", {}, exchange.message));
    return report;
  }
  if (exchange.outcome === "unvalidated") {
    report.append(verdict("skipped", "Not validated"), element("p", {}, `Reason: ${exchange.reason}.`));
    return report;
  }
  const { findings } = exchange;
  report.append(
    element(
      "p",
      { class: "outcome" },
      badge(exchange.verdict, VERDICTS[exchange.verdict]),
      element("span", { class: "shape" }, exchange.shape ?? "unknown shape"),
      element("span", { class: "count" }, findings.length ? plural(findings.length, "finding") : "no findings"),
    ),
    ...findings.map(finding),
  );
  if (exchange.timeline) report.append(...timeline(exchange.timeline));
  return report;
}

export function badge(kind, text) {
  return element("span", { class: `badge ${kind}` }, text);
}

function verdict(kind, text) {
  return element("p", { class: "outcome" }, badge(kind, text));
}

function finding(found) {
  return element(
    "article",
    { class: `finding ${found.severity}` },
    element(
      "h5",
      {},
      element("span", { class: "severity" }, found.severity),
      " ",
      element("code", { class: "rule" }, found.rule),
      " ",
      element("code", { class: "pointer" }, found.pointer || "the whole body"),
    ),
    element("p", {}, ...withCode(found.message)),
    found.excerpt ? excerpt(found.excerpt) : null,
    element("p", { class: "action" }, ...withCode(found.action)),
  );
}

/// A text whose parts in backquotes are code.
function withCode(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

function excerpt({ line, before, marked, behind }) {
  const label = line ? `The body from line ${line}` : "The body";
  return element(
    "pre",
    { class: "excerpt", tabindex: 0, role: "region", "aria-label": label },
    before,
    element("mark", {}, marked),
    behind,
  );
}

function timeline({ task_id, observed }) {
  const states = observed.map((state) =>
    element(
      "li",
      { class: state.rules.length ? "contradicts" : null },
      element("b", {}, state.status),
      ` ${state.progress ?? ""} `,
      element("span", { class: "count" }, `${plural(state.polls, "poll")}${duration(state.seconds)}`),
      ...state.rules.map((rule) => element("code", { class: "rule" }, rule)),
    ),
  );
  return [
    element("h5", { class: "timeline-title" }, "Timeline of ", element("code", {}, task_id)),
    element("ol", { class: "timeline" }, ...states),
  ];
}

function duration(seconds) {
  return seconds ? `, ${seconds} s` : "";
}
