// Coding on one's own: drafts that survive a reload, save and go on.
import { ask } from "./html.js";
import { draft, fill, forget, keep, keptAt, prepare, valuesOf } from "./fields.js";

const form = document.getElementById("answers");
const told = document.getElementById("told");

function start() {
  const key = `blind draft ${document.body.dataset.database} ${form.dataset.task}`;
  const fields = [...form.querySelectorAll("[data-editor]")];
  const discard = form.querySelector("[data-discard]");
  const read = () => Object.fromEntries(fields.map((field) => [field.dataset.editor, valuesOf(field)]));
  fields.forEach(prepare);
  const found = draft(key);
  if (found) {
    for (const field of fields) fill(field, found.values[field.dataset.editor] ?? {});
    const note = form.querySelector(".draft");
    note.hidden = false;
    note.textContent = `Your answers of ${keptAt(found)} were not saved yet; here they are again.`;
    discard.hidden = false;
  }
  form.addEventListener("input", (event) => {
    const place = fields.find((field) => field.dataset.editor === "location");
    const country = document.getElementById("code-country-country");
    if (event.target === place && country && !country.value) country.value = place.elements.country.value;
    keep(key, read());
    discard.hidden = false;
  });
  discard.addEventListener("click", () => { forget(key); location.reload(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const { next } = await ask("/desk/answers", { method: "POST", body: { task: Number(form.dataset.task), answers: read() } });
      forget(key);
      const address = new URL(location.href);
      address.searchParams.delete("task");
      if (next) address.searchParams.set("task", next);
      location.assign(address);
    } catch (error) {
      told.className = "card problem";
      told.textContent = error.message;
    }
  });
  const mark = document.querySelector("mark");
  const words = document.querySelector(".words");
  if (mark) words.scrollTop = mark.offsetTop - words.offsetTop - words.clientHeight / 3;
}

if (form) start();
document.body.dataset.ready = "yes";
