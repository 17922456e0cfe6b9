// The editors of an event's fields: what is typed, suggestions, drafts that survive a reload.
import { ask, el } from "./html.js";

const WAIT = 150; // ms after the last letter before suggestions are asked for
const columns = (form) => [...form.querySelectorAll("[name]")];

// What a form says, column -> text; `null` is what reports do not state.
export function valuesOf(form) {
  const silent = form.querySelector("[data-unstated]")?.checked;
  const read = (input) => (input.type === "checkbox" ? (input.checked ? input.value : "") : input.value.trim());
  return Object.fromEntries(columns(form).map((input) => [input.name, silent ? null : read(input) || null]));
}

export function fill(form, values) {
  for (const input of columns(form)) {
    if (!(input.name in values)) continue;
    if (input.type === "checkbox") input.checked = Boolean(values[input.name]);
    else input.value = values[input.name] ?? "";
  }
  around(form);
}

function around(form) {
  const line = form.querySelector("[data-around]");
  if (line) line.textContent = ["admin2", "admin1", "country"].map((name) => form.elements[name]?.value).filter(Boolean).join(", ");
}

// "Not stated" empties the field and closes it; what was there comes back if it is taken back.
function silence(form) {
  const box = form.querySelector("[data-unstated]");
  if (!box) return;
  const head = columns(form)[0];
  const show = () => { for (const input of columns(form)) input.disabled = box.checked; };
  box.addEventListener("change", show);
  head.addEventListener("input", () => { if (box.checked) { box.checked = false; show(); } });
  show();
}

export function prepare(form) {
  silence(form);
  for (const input of form.querySelectorAll("[data-suggest]")) suggest(form, input);
}

// -- drafts -----------------------------------------------------------------------------------------------------------
export function draft(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}
export const keep = (key, values) => localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), values }));
export const forget = (key) => localStorage.removeItem(key);
export const keptAt = (found) => new Date(found.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

// -- suggestions: a list under the field, by arrow keys and Enter -----------------------------------------------------------
const wordsOf = { "/desk/places": (place) => [place.location, place.admin2, place.admin1, place.country], "/desk/actors": (actor) => [actor.name, actor.inter] };

function take(form, input, found) {
  if (input.dataset.suggest === "/desk/places") fill(form, found);
  else {
    input.value = found.name;
    const kind = form.elements[input.name.replace("actor", "inter")];
    if (kind && found.inter) kind.value = found.inter;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function suggest(form, input) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  let found = [];
  let at = -1;
  let timer;
  let asked = 0;
  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const choose = (index) => { take(form, input, found[index]); close(); };
  const point = (index) => {
    at = index;
    [...list.children].forEach((each, number) => { each.setAttribute("aria-selected", String(number === at)); if (number === at) each.scrollIntoView({ block: "nearest" }); });
    if (at >= 0) input.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const show = () => {
    list.replaceChildren(...found.map((each, index) => {
      const [first, ...rest] = wordsOf[input.dataset.suggest](each);
      const option = el("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" }, el("span", {}, first), " ", el("span", { class: "soft small" }, rest.filter(Boolean).join(", ")));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(index); });
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    at = -1;
  };
  const look = async () => {
    const part = input.value.trim();
    const mine = ++asked;
    const country = form.elements.country?.value ?? "";
    const answer = part.length < 2 ? [] : await ask(`${input.dataset.suggest}?${new URLSearchParams({ part: part.slice(0, 100), country })}`).catch(() => []);
    if (mine !== asked || document.activeElement !== input) return;
    found = answer;
    show();
  };
  input.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    if (form.elements.geonameid) form.elements.geonameid.value = "";
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const moves = { ArrowDown: Math.min(at + 1, found.length - 1), ArrowUp: Math.max(at - 1, 0) };
    if (event.key in moves) { event.preventDefault(); point(moves[event.key]); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(at); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); }
  });
}
