// The Explore page: one filter in the address; map, timeline, table and counts follow it.
import { ask, el, number, typeClass } from "./html.js";
import { makeMap, popup, setQuery, showArea } from "./map.js";
import { asPng, asSvg } from "./picture.js";
import { drawTimeline } from "./timeline.js";

const $ = (id) => document.getElementById(id);
const form = $("filters");
const lists = { country: $("countries"), admin1: $("admin1s") };
const given = new URLSearchParams(location.search);
const chosen = { country: new Set(given.getAll("country")), admin1: new Set(given.getAll("admin1")) };
let shown = null, offset = 0, asking = null, map = null;

// -- the filter --------------------------------------------------------------------------------------------------------

function query() {
  const found = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "" && !(name in chosen)) found.append(name, value);
  for (const [name, values] of Object.entries(chosen)) for (const value of values) found.append(name, value);
  return found.toString();
}

function remember() {
  const found = new URLSearchParams(query());
  if (!map && given.get("view")) found.set("view", given.get("view"));
  if (map) {
    const { lng, lat } = map.getCenter();
    found.set("view", `${map.getZoom().toFixed(2)}/${lat.toFixed(3)}/${lng.toFixed(3)}`);
  }
  history.replaceState(null, "", `/?${found}`);
}

function viewGiven() {
  const [zoom, lat, lng] = (given.get("view") ?? "").split("/").map(Number);
  return given.get("view") && [zoom, lat, lng].every(Number.isFinite) ? { zoom, center: [lng, lat] } : null;
}

async function changed() {
  offset = 0;
  if (map) setQuery(map, query());
  await show();
}

// -- what is shown -----------------------------------------------------------------------------------------------------

async function show() {
  if (await read(`/explore/data?${query()}&offset=${offset}`)) render();
}

async function read(address) {
  asking?.abort();
  asking = new AbortController();
  document.body.classList.add("loading");
  try {
    shown = await ask(address, { signal: asking.signal });
  } catch (error) {
    if (error.name !== "AbortError") $("summary").textContent = error.message;
    return false;
  }
  document.body.classList.remove("loading");
  return true;
}

// The page asks for its first answer before the scripts are there; if the form says what its address says, that is it.
function first() {
  const asked = $("first").getAttribute("href"), parts = (text) => [...new URLSearchParams(text)].sort().join();
  return parts(asked.split("?")[1]) === parts(query()) ? asked : `/explore/data?${query()}`;
}

function render() {
  $("summary").replaceChildren(el("strong", {}, number(shown.events)), shown.events === 1 ? " event, " : " events, ",
    el("strong", {}, number(shown.fatalities)), " reported fatalities", shown.events < shown.of ? ` (of ${number(shown.of)} events)` : "");
  if ($("analyse")) $("analyse").href = `/analyse?${query()}`;
  for (const link of document.querySelectorAll("[data-form]")) link.href = `/export/${link.dataset.form}?${query()}`;
  counts();
  table();
  timeline();
  shape();
  remember();
}

function counts() {
  for (const output of document.querySelectorAll("[data-count]")) {
    const found = shown.counts[output.dataset.count].find(([value]) => value === output.dataset.value);
    output.textContent = found ? number(found[1]) : "";
  }
  for (const name of Object.keys(lists)) choices(name);
  const active = new Set([...new URLSearchParams(query()).keys()]).size;
  $("active").hidden = !active;
  $("active").textContent = `${active} in use`;
}

function choices(name) {
  const part = name === "country" ? $("find-country").value.toLowerCase() : "";
  const values = new Map([...[...chosen[name]].map((value) => [value, 0]), ...shown.counts[name]]);
  const focused = document.activeElement?.dataset?.choice;
  lists[name].replaceChildren(...[...values].filter(([value]) => value.toLowerCase().includes(part) || chosen[name].has(value)).map(([value, count]) =>
    el("label", { class: "check small" },
      el("input", { type: "checkbox", name, value, "data-choice": `${name} ${value}`, ...(chosen[name].has(value) ? { checked: true } : {}) }),
      el("span", { class: "what" }, value), el("output", { class: "count" }, count ? number(count) : ""))));
  if (focused) [...lists[name].querySelectorAll("input")].find((input) => input.dataset.choice === focused)?.focus();
}

function table() {
  $("table").tBodies[0].replaceChildren(...shown.rows.map((row) => el("tr", {},
    el("td", {}, el("a", { href: `/event/${encodeURIComponent(row.event_id_cnty)}` }, row.event_id_cnty)),
    el("td", {}, row.event_date ?? "not stated"),
    el("td", {}, el("span", { class: typeClass(row.event_type) }, el("span", { class: "dot" })), row.sub_event_type ?? row.event_type ?? ""),
    el("td", { class: "where" }, [row.location, row.admin1, row.country].filter((each, at, all) => each && all.indexOf(each) === at).join(", ")),
    el("td", { class: "who" }, [row.actor1, row.actor2].filter(Boolean).join(" – ")),
    el("td", { class: "num" }, row.fatalities === null ? "not stated" : number(row.fatalities)),
    el("td", {}, row.source ?? ""))));
  const last = Math.min(offset + shown.rows.length, shown.events);
  $("page").textContent = shown.events ? `${number(offset + 1)}–${number(last)} of ${number(shown.events)}` : "No event fits all filters.";
  $("newer").disabled = offset === 0;
  $("older").disabled = last >= shown.events;
}

function timeline() {
  drawTimeline($("timeline"), shown.timeline, { since: form.since.value, until: form.until.value }, (since, until) => {
    form.since.value = since ?? "";
    form.until.value = until ?? "";
    changed();
  });
}

function shape() {
  const area = form.area.value, box = form.bbox.value;
  $("shape").hidden = !(area || box);
  $("shape").firstElementChild.textContent = area ? `Inside the drawn area (${area.split(";").length} corners)` : `Inside ${box}`;
  if (map) showArea(map, area ? area.split(";").map((corner) => corner.split(",").map(Number)) : []);
}

// -- the map -----------------------------------------------------------------------------------------------------------

async function clicked(event) {
  if (drawing) return;
  const [found] = map.queryRenderedFeatures(event.point, { layers: ["events", "rings"] });
  if (!found) return;
  const { events, id } = found.properties;
  if (events > 1 && map.getZoom() < 13) return void map.easeTo({ center: found.geometry.coordinates, zoom: map.getZoom() + 2.5 });
  const [x, y] = found.geometry.coordinates;
  const around = `${query()}&bbox=${x - 0.002},${y - 0.002},${x + 0.002},${y + 0.002}`;
  const rows = id ? [await ask(`/explore/event/${encodeURIComponent(id)}`)] : (await ask(`/explore/data?${around}`)).rows;
  popup(map, found.geometry.coordinates, el("div", {}, ...rows.map((row) => el("p", { class: "small" },
    el("a", { href: `/event/${encodeURIComponent(row.event_id_cnty)}` }, `${row.event_date ?? "no date"} · ${row.sub_event_type ?? ""}`), el("br"),
    [row.actor1, row.actor2].filter(Boolean).join(" – "), el("br"),
    `${row.location ?? "place not stated"}, ${row.country ?? ""}`, row.geo_precision > 1 ? " (place not exact)" : "", el("br"),
    row.fatalities === null ? "fatalities not stated" : `${number(row.fatalities)} reported fatalities`))));
}

let drawing = null;

function draw(on) {
  drawing = on ? [] : null;
  $("draw").setAttribute("aria-pressed", String(on));
  $("drawing").hidden = !on;
  $("map").classList.toggle("drawing", on);
  on ? map.doubleClickZoom.disable() : map.doubleClickZoom.enable();
  if (on) showArea(map, []);
}

function closeArea() {
  const corners = drawing.filter((corner, at, all) => at === 0 || corner.join() !== all[at - 1].join());
  draw(false);
  if (corners.length < 3) return shape();
  form.area.value = corners.map((corner) => corner.map((part) => part.toFixed(4)).join(",")).join(";");
  form.bbox.value = "";
  changed();
}

// -- what people do ----------------------------------------------------------------------------------------------------

let waiting = null;
const TYPED = ["text", "search", "number", "date"]; // more may come at once; a click is one
const soon = (wait = 250) => { clearTimeout(waiting); waiting = setTimeout(changed, wait); };

function listen() {
  form.addEventListener("submit", (event) => { event.preventDefault(); changed(); });
  form.addEventListener("input", (event) => {
    if (event.target === $("find-country")) return choices("country");
    if (event.target.name in chosen) {
      const { name, value, checked } = event.target;
      checked ? chosen[name].add(value) : chosen[name].delete(value);
    }
    event.target === form.actor ? suggest().then(() => soon()) : soon(TYPED.includes(event.target.type) ? 250 : 0);
  });
  $("older").addEventListener("click", () => { offset += shown.rows.length; show(); });
  $("newer").addEventListener("click", () => { offset = Math.max(0, offset - 50); show(); });
  $("draw").addEventListener("click", () => draw(!drawing));
  $("here").addEventListener("click", () => {
    const bounds = map.getBounds(), clamp = (value, most) => Math.min(most, Math.max(-most, value)).toFixed(3);
    form.bbox.value = [clamp(bounds.getWest(), 180), clamp(bounds.getSouth(), 90), clamp(bounds.getEast(), 180), clamp(bounds.getNorth(), 90)].join(",");
    form.area.value = "";
    changed();
  });
  $("unshape").addEventListener("click", () => { form.area.value = form.bbox.value = ""; changed(); });
  document.addEventListener("keydown", (event) => {
    if (!drawing) return;
    if (event.key === "Escape") { draw(false); shape(); }
    if (event.key === "Enter" && drawing.length > 2) closeArea();
  });
  $("share").addEventListener("click", async () => {
    remember();
    await navigator.clipboard.writeText(location.href);
    $("share").textContent = "Link copied";
    setTimeout(() => { $("share").textContent = "Copy link"; }, 2000);
  });
  for (const kind of ["png", "svg"]) $(kind).addEventListener("click", () => picture(kind));
  document.addEventListener("theme", () => shown && timeline());
  addEventListener("resize", () => shown && timeline());
  map.on("click", clicked);
  map.on("moveend", remember);
  map.on("click", (event) => { if (drawing) { drawing.push([event.lngLat.lng, event.lngLat.lat]); showArea(map, drawing); } });
  map.on("dblclick", () => drawing && closeArea());
  for (const layer of ["events", "rings"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
}

async function suggest() {
  const part = form.actor.value;
  if (part.length < 2) return;
  const names = await ask(`/explore/actors?part=${encodeURIComponent(part)}`);
  $("actors").replaceChildren(...names.map((value) => el("option", { value })));
}

async function picture(kind) {
  const about = {
    title: `${$("summary").textContent}${query() ? ` · ${[...new URLSearchParams(query()).values()].join(", ")}` : ""}`.slice(0, 140),
    citation: `Tocsin ${document.body.dataset.version}, ${document.body.dataset.database}, ${new Date().toISOString().slice(0, 10)}: ${location.href}`.slice(0, 190),
  };
  const chart = $("timeline").querySelector("svg");
  const blob = await (kind === "png" ? asPng : asSvg)(map, chart, about);
  const link = el("a", { href: URL.createObjectURL(blob), download: `events.${kind}` });
  link.click();
  URL.revokeObjectURL(link.href);
}

if (matchMedia("(max-width: 900px)").matches) $("side").open = false;
const known = await read(first());
const made = makeMap($("map"), query(), viewGiven() ?? (shown?.bounds ? { bounds: shown.bounds } : null));
if (known) render(); // while the map's worker reads borders and tiles
if (!made.isStyleLoaded()) await made.once("style.load");
map = made;
listen();
shape();
