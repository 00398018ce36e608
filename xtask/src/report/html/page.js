// Filters what is shown. Everything can be read without it.
"use strict";

const form = document.getElementById("filters");
const controls = form.elements;
const changes = [...document.querySelectorAll("[data-wire]")].map((element) => ({
  element,
  wire: element.dataset.wire,
  client: element.dataset.client,
  operations: JSON.parse(element.dataset.operations).map((name) => JSON.stringify(name)),
  text: element.textContent.toLowerCase(),
}));

const checked = (name) =>
  new Set([...controls[name]].filter((box) => box.checked).map((box) => box.value));

function apply() {
  const wire = checked("wire");
  const client = checked("client");
  const operation = controls.operation.value;
  const text = controls.text.value.trim().toLowerCase();
  let shown = 0;
  for (const change of changes) {
    const visible =
      wire.has(change.wire) &&
      client.has(change.client) &&
      (operation === "" || change.operations.includes(operation)) &&
      change.text.includes(text);
    change.element.hidden = !visible;
    shown += visible ? 1 : 0;
  }
  for (const section of document.querySelectorAll("[data-section]")) {
    section.hidden = section.querySelector("[data-wire]:not([hidden])") === null;
  }
  controls.shown.value = `${shown} of ${changes.length} changes shown`;
}

/** Moves the focus to the next change that is shown, or to the one before. */
function go(step) {
  const articles = [...document.querySelectorAll("article:not([hidden])")];
  const current = articles.indexOf(document.activeElement.closest("article"));
  const next = current < 0 && step < 0 ? -1 : current + step;
  articles[next]?.focus();
}

function press(event) {
  const types = event.target.closest("input[type=search], select, textarea");
  if (types || event.ctrlKey || event.metaKey || event.altKey || !controls.keys.checked) {
    return;
  }
  const actions = { j: () => go(1), k: () => go(-1), "/": () => controls.text.focus() };
  if (Object.hasOwn(actions, event.key)) {
    event.preventDefault();
    actions[event.key]();
  }
}

form.hidden = changes.length === 0;
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
controls.all.addEventListener("click", () => {
  form.reset();
  apply();
});
document.addEventListener("keydown", press);
// A page that is gone back to has its controls as they were left.
window.addEventListener("pageshow", apply);
