// The desk: the queue, the item with its words, verdicts by key or button, drafts, undo.
import { ask, el, number, typeClass } from "./html.js";
import { draft, fill, forget, keep, keptAt, prepare, valuesOf } from "./fields.js";
import { openMerge, openSplit } from "./desk_dialogs.js";

const $ = (id) => document.getElementById(id);
const place = $("subject");
const told = $("told");
const mine = `${document.body.dataset.database} ${document.querySelector(".desk-head").dataset.person}`; // drafts, decisions to undo
const STAYS = 10_000; // ms that "Accepted" stays; undoing stays possible
const [PAGE, MOST] = [40, 1000]; // items of the queue at once, and at most
const EVERY = 30_000; // ms between looks at the queue
const PAST = { accept: "Accepted", reject: "Rejected", amend: "Amended", same: "Merged", different: "Split" };
const undone = { read: () => JSON.parse(sessionStorage.getItem(`desk undo ${mine}`) ?? "[]"), write: (all) => sessionStorage.setItem(`desk undo ${mine}`, JSON.stringify(all.slice(-50))) };
let items = [];
let busy = false;
let telling;

const subject = () => place.querySelector(".subject");
const current = () => subject()?.dataset.about ?? $("lines").dataset.about;
const query = () => new URLSearchParams([...new FormData($("choose"))].filter(([, value]) => value));

// -- the queue --------------------------------------------------------------------------------------------------------
function line(item) {
  const open = item.id === current();
  return el("li", {}, el("a", { href: `/desk?item=${item.id}`, "data-item": item.id, "aria-current": open ? "true" : false },
    el("span", { class: `${typeClass(item.event_type)} what` }, el("span", { class: "dot" }), el("span", {}, item.label)),
    el("span", { class: "soft small sure" }, `${item.sure} %`),
    el("span", { class: "said" }, item.said || "not stated"),
    el("span", { class: "soft small" }, [item.place, item.day, item.event ?? "not published"].filter(Boolean).join(" · ")),
    item.holder ? el("span", { class: "chip holder" }, `for ${item.holder}`) : null));
}

function progress({ today, waiting, given }) {
  $("bar").max = today + waiting; $("bar").value = today;
  $("progress").textContent = `${number(today)} of ${number(today + waiting)} today`;
  $("waiting").textContent = number(waiting);
  if (given !== undefined) $("given").textContent = number(given);
}

async function refresh(more = 0) {
  const asked = query();
  const count = Math.min(Math.max(items.length, PAGE) + more, MOST);
  asked.set("count", count);
  const found = await ask(`/desk/queue?${asked}`);
  items = found.items;
  $("lines").replaceChildren(...items.map(line), ...(items.length ? [] : [el("li", { class: "soft small none" }, "Nothing waits here.")]));
  $("more").hidden = items.length < count || count === MOST;
  progress(found);
}

function step(by) {
  const at = items.findIndex((item) => item.id === current());
  const next = items[at < 0 ? 0 : at + by];
  if (next) show(next.id);
}

// -- what is decided --------------------------------------------------------------------------------------------------
async function show(about, { quiet = false, focus = true } = {}) {
  const answer = await fetch(`/desk/subject?about=${encodeURIComponent(about)}`, { headers: { accept: "text/html" } });
  if (answer.redirected) { location.reload(); return; } // the session has ended
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!quiet) tell();
  place.replaceChildren(...page.body.children);
  $("lines").dataset.about = about;
  for (const each of $("lines").querySelectorAll("[data-item]")) {
    if (each.dataset.item === about) { each.setAttribute("aria-current", "true"); each.scrollIntoView({ block: "nearest" }); } else each.removeAttribute("aria-current");
  }
  const isItem = items.some((item) => item.id === about);
  history.replaceState(null, "", `/desk?${new URLSearchParams([...(about ? [[isItem ? "item" : "event", about]] : []), ...query()])}`);
  arrange();
  if (place.getBoundingClientRect().top < 0) place.scrollIntoView();
  if (focus) $("question")?.focus({ preventScroll: true });
}

function arrange() {
  if (!subject()) return;
  for (const form of place.querySelectorAll("[data-editor]")) {
    prepare(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); save(form); });
    form.addEventListener("input", () => { keep(keyOf(form), { ...valuesOf(form), ...unstated(form) }); mark(form, true); });
    const found = draft(keyOf(form));
    if (found) restore(form, found);
  }
  const lines = [...place.querySelectorAll(".line")];
  for (const each of lines) {
    const light = (on) => lit(each.dataset.question, on);
    for (const name of ["mouseenter", "focusin"]) each.addEventListener(name, () => light(true));
    for (const name of ["mouseleave", "focusout"]) each.addEventListener(name, () => light(false));
  }
  const asked = lines.find((each) => each.dataset.field === subject().dataset.asked);
  for (const each of marksOf(asked?.dataset.question)) each.classList.add("asked-for");
  const first = place.querySelector("mark.asked-for") ?? place.querySelector("mark");
  const words = place.querySelector(".words");
  if (first && words) words.scrollTop = first.offsetTop - words.offsetTop - words.clientHeight / 3;
}

const marksOf = (question) => (question ? [...place.querySelectorAll("mark")].filter((each) => each.dataset.marks.split(" ").some((name) => name.endsWith(`:${question}`))) : []);
const lit = (question, on) => { for (const each of marksOf(question)) each.classList.toggle("lit", on); };

function tell(message = "", kind = "", ...more) {
  clearTimeout(telling);
  if (kind === "done") telling = setTimeout(tell, STAYS);
  told.className = message ? `card ${kind}` : "";
  told.replaceChildren(...(message ? [el("span", {}, message), ...more] : []));
}

// -- editing ----------------------------------------------------------------------------------------------------------
const keyOf = (form) => `desk draft ${mine} ${subject().dataset.key} ${form.dataset.editor}`;
const unstated = (form) => (form.querySelector("[data-unstated]")?.checked ? { unstated: true } : {});
const openEditor = () => place.querySelector("[data-editor]:not([hidden])");

function mark(form, has) {
  form.querySelector("[data-discard]").hidden = !has;
  form.closest(".line").classList.toggle("has-draft", has);
}

function restore(form, found) {
  fill(form, found.values);
  const box = form.querySelector("[data-unstated]");
  if (box && found.values.unstated) { box.checked = true; box.dispatchEvent(new Event("change")); }
  const note = form.querySelector(".draft");
  note.hidden = false;
  note.textContent = `Your change of ${keptAt(found)} was not saved yet; here it is again.`;
  mark(form, true);
  edit(form.dataset.editor, { focus: false });
}

function edit(field, { focus = true } = {}) {
  const form = place.querySelector(`[data-editor="${field}"]`);
  if (!form) return;
  form.hidden = false;
  place.querySelector(`[data-edit="${field}"]`).setAttribute("aria-expanded", "true");
  if (!focus) return;
  const first = [...form.elements].find((each) => each.type !== "hidden" && !each.disabled);
  first?.focus();
  first?.select?.();
  form.scrollIntoView({ block: "nearest" });
}

function leave(form) {
  form.hidden = true;
  const button = place.querySelector(`[data-edit="${form.dataset.editor}"]`);
  button.setAttribute("aria-expanded", "false");
  button.focus();
}

function discard(form) {
  forget(keyOf(form));
  show(current(), { quiet: true });
}

async function save(form) {
  const key = keyOf(form);
  if (await decide({ verdict: "amend", field: form.dataset.editor, proposal: form.dataset.proposal, values: valuesOf(form), why: form.querySelector("[data-why]").value })) forget(key);
}

// -- verdicts ---------------------------------------------------------------------------------------------------------
async function decide(said) {
  if (busy || !subject()) return false;
  busy = true;
  const { about, event, version, asked } = subject().dataset;
  const seen = { ...(event ? { [event]: Number(version) } : {}), ...said.seen };
  const words = `${PAST[said.verdict]}: ${said.field && said.field !== asked ? LABELS[said.field] : asked ? $("question").textContent.replace(/\?$/, "") : "the event"}`;
  try {
    const found = await ask("/desk/verdicts", { method: "POST", body: { why: "", ...said, about, seen } });
    undone.write([...undone.read(), { decision: found.decision, about }]);
    await after(found, said, { about, event, asked });
    const others = found.meanwhile.map(stepWords).join("; ");
    tell(`${words}.${others ? ` Meanwhile: ${others}.` : ""}`, "done", el("button", { type: "button", onclick: takeBack }, "Undo"));
    return true;
  } catch (error) {
    refused(error, event || about);
    return false;
  } finally {
    busy = false;
    $("undo").disabled = !undone.read().length;
  }
}

// Where to go next: on with the queue when the item is settled, else stay with the event as it is now.
async function after(found, said, { about, event, asked }) {
  const at = items.findIndex((item) => item.id === about);
  if (at >= 0) drop(about);
  await refresh();
  const stays = items.some((item) => item.id === about);
  if (at >= 0 && !stays && (!asked || said.verdict !== "amend" || said.field === asked)) return show(items[Math.min(at, items.length - 1)]?.id ?? "", { quiet: true });
  const next = stays ? about : found.events.includes(event) ? event : found.events[0] ?? about;
  return show(next, { quiet: true });
}

const drop = (about) => { items = items.filter((item) => item.id !== about); };
const LABELS = { event_date: "date", sub_event_type: "type", actor1: "actor 1", actor2: "actor 2", location: "place", admin1: "admin1", country: "country", fatalities: "fatalities", tags: "tags", notes: "notes" };

// A step of an event's history in words: who, what, and each field before and after.
function stepWords(step) {
  const fields = Object.entries(step.changed).filter(([name]) => name in LABELS && (name !== "notes" || Object.keys(step.changed).length < 3));
  const told = fields.map(([name, pair]) => `${LABELS[name]}: ${pair.before ?? "not stated"} → ${pair.after ?? "not stated"}`);
  const end = step.merged_into ? `it is part of ${step.merged_into} now` : step.gone ? "it is published no longer" : "";
  return [[step.cause, step.why].filter(Boolean).join(", "), [...told, end].filter(Boolean).join("; ")].filter(Boolean).join(": ");
}

function refused(error, about) {
  const changed = (error.answer?.changed ?? []).map(stepWords);
  const again = el("button", { type: "button", onclick: () => { refresh(); show(about); } }, "Show it as it is now");
  const next = el("button", { type: "button", onclick: async () => { await refresh(); show(items[0]?.id ?? ""); } }, "Go on with the queue");
  const more = error.status === 409 ? [el("ul", {}, ...changed.map((words) => el("li", {}, words))), el("p", { class: "small" }, "Nothing of yours was written; what you typed is kept."), el("div", { class: "row" }, again, next)] : [];
  tell(error.message, "problem", ...more);
  told.scrollIntoView({ block: "nearest" });
}

async function takeBack() {
  const all = undone.read();
  const last = all.pop();
  if (!last) return;
  try {
    await ask("/api/v1/decisions/undo", { method: "POST", body: { decision: last.decision } });
    undone.write(all);
    await refresh();
    await show(last.about, { quiet: true });
    tell("Taken back.", "done");
  } catch (error) {
    undone.write(all);
    tell(error.message, "problem");
  }
  $("undo").disabled = !undone.read().length;
}

// -- keys and buttons -------------------------------------------------------------------------------------------------
const ACTIONS = {
  accept: () => decide({ verdict: "accept" }),
  reject: () => decide({ verdict: "reject" }),
  amend: () => { if (subject()) { if (subject().dataset.asked) edit(subject().dataset.asked); else place.querySelector("[data-edit]").focus(); } },
  merge: () => openMerge(subject(), decide),
  split: () => openSplit(subject(), decide),
};
const KEYS = { j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), a: ACTIONS.accept, r: ACTIONS.reject,
  e: ACTIONS.amend, m: ACTIONS.merge, s: ACTIONS.split, u: takeBack, "?": () => $("keys").showModal() };

function typed(event) {
  const target = event.target;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const form = target.closest("[data-editor]");
  if (event.key === "Escape" && (form ?? openEditor())) { leave(form ?? openEditor()); return; }
  if (target.closest("input, select, textarea, [contenteditable], [role=listbox]") && !target.closest("dialog")) return; // a dialog that has just been closed
  if (event.key.startsWith("Arrow") && target.closest(".words")) return; // there they scroll
  if (event.key.length === 1 && !$("letters").checked) return;
  const editor = /^\d$/.test(event.key) ? place.querySelectorAll("[data-edit]")[(Number(event.key) + 9) % 10] : null;
  const action = editor ? () => edit(editor.dataset.edit) : KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function pressed(event) {
  const target = event.target.closest("button, a");
  if (!target) return;
  const { do: action, edit: field, item } = target.dataset;
  const form = target.closest("[data-editor]");
  if (action) ACTIONS[action]();
  else if (field) { const open = place.querySelector(`[data-editor="${field}"]`); if (open.hidden) edit(field); else leave(open); }
  else if (form && target.dataset.leave !== undefined) leave(form);
  else if (form && target.dataset.discard !== undefined) discard(form);
  else if (item && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); show(item); if (narrow.matches) $("queue").open = false; }
}

async function give(body, words) {
  try {
    const { items: count } = await ask("/desk/tasks", { method: "POST", body });
    await refresh();
    tell(words(count), "done");
  } catch (error) { tell(error.message, "problem"); }
}

const narrow = matchMedia("(max-width: 900px)");
if (narrow.matches) $("queue").open = false;
$("letters").checked = localStorage.getItem("desk letters") !== "off";
$("letters").addEventListener("change", (event) => localStorage.setItem("desk letters", event.target.checked ? "on" : "off"));
document.addEventListener("keydown", typed);
document.addEventListener("click", pressed);
$("help").addEventListener("click", KEYS["?"]);
$("undo").addEventListener("click", takeBack);
$("undo").disabled = !undone.read().length;
$("more").addEventListener("click", () => refresh(PAGE));
$("choose").addEventListener("change", () => $("choose").submit());
$("hand")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const person = $("hand-person").value;
  give({ person, first: Number($("hand-first").value), country: $("country").value }, (count) => `${count} items are ${person}'s now.`);
});
place.addEventListener("change", (event) => {
  if (event.target.id !== "give" || !event.target.value) return;
  const person = event.target.value === "-" ? "" : event.target.value;
  give({ person, items: [current()] }, () => (person ? `This item is ${person}'s now.` : "This item is nobody's now."));
});
setInterval(() => { if (!document.hidden && !busy) refresh().catch(() => {}); }, EVERY);
await refresh();
arrange();
document.body.dataset.ready = "yes";
