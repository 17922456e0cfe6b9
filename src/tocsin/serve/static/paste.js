// The paste page: send without leaving it, drop a file, light up the words of a field.
import { ask } from "./html.js";

const form = document.getElementById("paste-form");
const state = document.getElementById("state");
const file = document.getElementById("file");
const drop = document.getElementById("drop");
let result = document.getElementById("result");

const tell = (words, busy = false) => { state.textContent = words; state.classList.toggle("busy", busy); };

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button.main");
  button.disabled = true;
  tell("Reading…", true);
  ask("/paste/ready").then(({ ready }) => { if (!ready && button.disabled) tell("Loading language data; the first text takes some seconds…", true); }, () => {});
  try {
    const answer = await fetch("/paste", { method: "POST", body: new FormData(form), headers: { accept: "text/html" } });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = found.getElementById("result") ?? found.querySelector("#content > .problem");
    if (!shown) throw new Error(found.body.textContent.trim() || `The server said ${answer.status}.`);
    put(shown);
    tell("");
  } catch (error) {
    tell(`The text was not read: ${error.message}`);
  } finally {
    button.disabled = false;
  }
});

function put(shown) {
  const next = document.createElement("div");
  next.id = "result";
  next.tabIndex = -1;
  if (shown.id === "result") next.append(...shown.childNodes); else next.append(shown);
  result.replaceWith(next);
  result = next;
  next.scrollIntoView({ block: "start" });
  next.focus({ preventScroll: true });
}

form.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(); });

// Only one of the three is read: what is given last.
const url = document.getElementById("url");
const text = document.getElementById("text");
text.addEventListener("input", () => { if (text.value) { file.value = ""; if (url) url.value = ""; } });
url?.addEventListener("input", () => { if (url.value) { file.value = ""; text.value = ""; } });
file.addEventListener("change", () => { if (file.files.length) { text.value = ""; if (url) url.value = ""; tell(`${file.files[0].name} is chosen.`); } });

for (const name of ["dragenter", "dragover"]) form.addEventListener(name, (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  drop.classList.add("over");
});
for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => drop.classList.remove("over"));
form.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  const first = new DataTransfer();
  first.items.add(event.dataTransfer.files[0]);
  file.files = first.files;
  file.dispatchEvent(new Event("change"));
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".add")) return;
  const button = event.target.querySelector("button");
  button.disabled = true;
  button.textContent = "Adding…";
});
addEventListener("pageshow", () => { for (const button of document.querySelectorAll(".add button")) { button.disabled = false; button.textContent = "Add to the database"; } });

// A field lights its words; words light the fields that rest on them; an event's heading lights all of its words.
const marks = () => [...result.querySelectorAll("mark")];
function light(target) {
  for (const each of result.querySelectorAll(".lit")) each.classList.remove("lit");
  if (!target) return;
  if (target.matches("mark")) {
    const names = target.dataset.marks.trim().split(" ");
    for (const each of result.querySelectorAll("[data-mark]")) if (names.includes(each.dataset.mark)) each.classList.add("lit");
    target.classList.add("lit");
    return;
  }
  const wanted = target.matches("[data-mark]") ? (name) => name === target.dataset.mark : (name) => name.startsWith(`${target.parentElement.dataset.event}:`);
  const found = marks().filter((mark) => mark.dataset.marks.trim().split(" ").some(wanted));
  for (const each of [target, ...found]) each.classList.add("lit");
  if (found.length) reveal(found[0]);
}
// The text scrolls beside the cards: bring the words into its view, never move the page itself.
function reveal(mark) {
  const box = mark.closest(".report");
  if (box.scrollHeight <= box.clientHeight) return;
  const at = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (at < 0 || at > box.clientHeight - 40) box.scrollTop += at - box.clientHeight / 3;
}
const LIGHTS = "[data-mark], .coded-event h3, mark";
for (const name of ["mouseover", "focusin"]) document.addEventListener(name, (event) => light(event.target.closest?.(LIGHTS)));
document.addEventListener("focusout", () => light(null));
