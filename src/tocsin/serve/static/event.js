// The event's page: words light up with their field, verdicts are sent.
import { ask } from "./html.js";

const head = document.querySelector("[data-event]");
const told = document.getElementById("told");
const QUESTIONS = {
  event_date: "when", sub_event_type: "what", civilian_targeting: "what", actor1: "who-first", assoc_actor_1: "who-first", actor2: "who-second",
  assoc_actor_2: "who-second", location: "where", admin1: "where", country: "where", fatalities: "how-many-dead",
};

for (const row of document.querySelectorAll("tr[data-field]")) {
  const question = QUESTIONS[row.dataset.field];
  const marks = [...document.querySelectorAll("mark")].filter((mark) => mark.dataset.marks.split(" ").some((name) => name.endsWith(`:${question}`)));
  if (!question || !marks.length) continue;
  const light = (on) => { for (const each of [row, ...marks]) each.classList.toggle("lit", on); };
  row.tabIndex = 0;
  for (const name of ["mouseenter", "focus"]) row.addEventListener(name, () => light(true));
  for (const name of ["mouseleave", "blur"]) row.addEventListener(name, () => light(false));
}

async function send(address, body) {
  try {
    const { events } = await ask(address, { method: "POST", body });
    location.href = events.includes(head.dataset.event) || !events.length ? location.pathname : `/event/${encodeURIComponent(events[0])}`;
    if (location.pathname === new URL(location.href).pathname) location.reload();
  } catch (error) {
    told.className = "card problem";
    told.textContent = error.status === 409
      ? `${error.message} ${error.answer.changed.map((step) => `${step.at.slice(0, 16).replace("T", " ")}: ${step.why} (${Object.keys(step.changed).join(", ")})`).join("; ")} Load the page again to see it.`
      : error.message;
  }
}

for (const button of document.querySelectorAll("[data-decide]")) {
  button.addEventListener("click", () => send("/api/v1/decisions", { verdict: button.dataset.decide, one: button.dataset.one ?? head.dataset.event,
    other: button.dataset.other ?? null, seen: { [head.dataset.event]: Number(head.dataset.version) } }));
}
for (const button of document.querySelectorAll("[data-undo]")) {
  button.addEventListener("click", () => send("/api/v1/decisions/undo", { decision: Number(button.dataset.undo) }));
}
