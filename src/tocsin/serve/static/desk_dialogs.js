// Merge with another event, split off claims: each a dialog that Enter sends and Esc leaves.
import { ask, el } from "./html.js";

const WAIT = 200; // ms after the last letter before events are looked for

function opened(subject, name) {
  const dialog = subject?.querySelector(`[data-dialog="${name}"]`);
  if (!dialog) return null;
  dialog.querySelector(".wrong").textContent = "";
  dialog.querySelector("[data-close]").onclick = () => dialog.close();
  dialog.showModal();
  return dialog;
}

export function openSplit(subject, decide) {
  if (subject?.querySelector("[data-do=split]").disabled) return;
  const dialog = opened(subject, "split");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  form.onsubmit = async (event) => {
    event.preventDefault();
    const claims = new FormData(form).getAll("claim");
    if (!claims.length || claims.length === form.querySelectorAll("[name=claim]").length) {
      dialog.querySelector(".wrong").textContent = "Choose some of the claims, but not all of them.";
      return;
    }
    dialog.close();
    await decide({ verdict: "different", claims });
  };
}

function candidate(row, first) {
  return el("label", { class: "pick" }, el("input", { type: "radio", name: "other", value: row.event_id_cnty, "data-version": row.version, checked: first }),
    el("span", {}, el("strong", {}, row.event_id_cnty), ` · ${row.event_date ?? "day not stated"} · ${row.sub_event_type ?? row.event_type ?? "type not stated"} · ${row.location ?? "place not stated"} · ${[row.actor1, row.actor2].filter(Boolean).join(" – ") || "unknown actor"} · ${row.fatalities === null ? "deaths not stated" : `${row.fatalities} dead`}`,
      el("br"), el("span", { class: "small soft" }, row.notes ?? "")));
}

export function openMerge(subject, decide) {
  const dialog = opened(subject, "merge");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const find = dialog.querySelector("#find");
  const found = dialog.querySelector(".found");
  let timer;
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    const rows = await ask(`/desk/near?${new URLSearchParams({ about: subject.dataset.about, part: find.value })}`).catch((error) => { dialog.querySelector(".wrong").textContent = error.message; return []; });
    if (mine !== asked) return;
    found.replaceChildren(...(rows.length ? rows.map((row, at) => candidate(row, at === 0)) : [el("p", { class: "soft" }, find.value ? "No event has these words." : "No event is near. Type the id of another one, or words of it.")]));
  };
  find.oninput = () => { clearTimeout(timer); timer = setTimeout(look, WAIT); };
  find.onkeydown = (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); found.querySelector("input:checked")?.focus(); }
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const chosen = found.querySelector("input:checked");
    if (!chosen) { dialog.querySelector(".wrong").textContent = "Choose an event."; return; }
    dialog.close();
    await decide({ verdict: "same", other: chosen.value, seen: { [chosen.value]: Number(chosen.dataset.version) } });
  };
  look();
}
