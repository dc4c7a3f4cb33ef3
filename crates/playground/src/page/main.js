// Puts the page together.

import { element } from "./elements.js";
import { follow } from "./exchanges.js";
import { showOperations, useTask } from "./operations.js";
import { fetchJson } from "./server.js";

function notice(text) {
  const place = document.getElementById("notice");
  place.textContent = text ?? "";
  place.hidden = !text;
}

function showPicker(tasks) {
  const select = document.getElementById("task");
  const description = document.getElementById("task-description");
  for (const [label, isFault] of [["Tasks", false], ["Faults", true]]) {
    const options = tasks.filter((task) => task.is_fault === isFault);
    const made = options.map((task) => element("option", { value: task.name }, task.name));
    select.append(element("optgroup", { label }, ...made));
  }
  const chosen = () => tasks.find((task) => task.name === select.value);
  const describe = () => (description.textContent = chosen().description);
  select.addEventListener("change", describe);
  describe();
  const picker = document.getElementById("picker");
  picker.hidden = false;
  picker.addEventListener("submit", (event) => {
    event.preventDefault();
    const task = chosen();
    task.used = (task.used ?? 0) + 1;
    const id = another(task.task_id, task.used);
    focusExecute(useTask(id, task.name), id);
  });
}

/// The id of another task that does the same: the number at its end is another one.
function another(id, number) {
  const digits = String(number);
  return id.slice(0, -digits.length) + digits;
}

/// The operation is drawn, and takes the id, some frames after it is opened.
function focusExecute(operation, id, frames = 600) {
  requestAnimationFrame(() => {
    const place = document.getElementById(operation);
    const button = place?.querySelector("button.execute");
    const inputs = [...(place?.querySelectorAll("input") ?? [])];
    if (button && inputs.some((input) => input.value === id)) {
      place.scrollIntoView({ block: "nearest" });
      button.focus();
    } else if (frames > 0) {
      focusExecute(operation, id, frames - 1);
    }
  });
}

async function start() {
  if (!window.SwaggerUIBundle) throw new Error("its scripts did not arrive");
  const settings = await fetchJson("/_playground/settings.json");
  const backend = settings.gateway ? `in front of ${settings.gateway}` : "in front of the mock gateway";
  document.getElementById("backend").textContent = `Seedance 2.0 task query, ${backend}`;
  follow(notice, settings.gateway);
  await showOperations(settings);
  if (settings.tasks.length) showPicker(settings.tasks);
  document.documentElement.dataset.ready = "true";
}

start().catch((error) => notice(`The playground cannot be shown: ${error.message}.`));
