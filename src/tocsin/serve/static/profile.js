// The page of an actor or a place: its events over time and on the map.
import { ask, el, named, number, typeClass } from "./html.js";
import { TYPES, colour, makeMap, showArea } from "./map.js";
import "./groups.js";

const head = document.querySelector(".profile-head");
const filter = head.dataset.filter;
const figure = document.getElementById("chart");
const element = document.getElementById("map");
const HEIGHT = 170;
const start = (text) => new Date(`${text}T00:00:00Z`);

const after = (day, step) => (step === "month" ? d3.utcMonth.offset(day, 1) : d3.utcDay.offset(day, step === "week" ? 7 : 1));

function bars({ step, starts, types }) {
  const end = (day) => after(day, step);
  return Object.keys(TYPES).filter((type) => types[type]).flatMap((type) =>
    types[type].map((events, at) => ({ type, events, x1: start(starts[at]), x2: end(start(starts[at])) })).filter((row) => row.events));
}

function chart(timeline) {
  const rows = bars(timeline);
  const kinds = Object.keys(TYPES).filter((type) => timeline.types[type]);
  const most = d3.max(d3.rollups(rows, (some) => d3.sum(some, (row) => row.events), (row) => Number(row.x1)), ([, events]) => events);
  figure.replaceChildren(named(Plot.plot({
    className: "plot", width: Math.max(300, figure.clientWidth), height: HEIGHT, marginLeft: 36, marginRight: 8, marginBottom: 24,
    ariaLabel: `Events in each ${timeline.step}`, x: { type: "utc", label: null, domain: [start(timeline.starts[0]), after(start(timeline.starts.at(-1)), timeline.step)] },
    y: { label: null, grid: true, ticks: Math.min(4, most), tickFormat: "d" },
    color: { domain: Object.keys(TYPES), range: Object.values(TYPES).map(colour) },
    marks: [Plot.rectY(rows, Plot.stackY({ x1: "x1", x2: "x2", y: "events", fill: "type", inset: 0.25,
      title: (row) => `${row.type}: ${number(row.events)} in the ${timeline.step} of ${row.x1.toISOString().slice(0, 10)}` })), Plot.ruleY([0])],
  })), el("ul", { class: "legend", "aria-label": "Colours" }, ...kinds.map((type) =>
    el("li", { class: typeClass(type) }, el("span", { class: "dot" }), el("span", { class: "what" }, type)))));
}

// The same in numbers, a line a year, for those who do not see the chart.
function table(timeline) {
  const kinds = Object.keys(TYPES).filter((type) => timeline.types[type]);
  const years = d3.rollups(bars(timeline), (some) => Object.fromEntries(d3.rollup(some, (part) => d3.sum(part, (row) => row.events), (row) => row.type)),
    (row) => row.x1.getUTCFullYear()).sort(([a], [b]) => a - b);
  document.getElementById("chart-table").replaceChildren(el("details", {}, el("summary", { class: "small" }, "The same in numbers"),
    el("table", {}, el("caption", { class: "hidden" }, "Events of each year by type"),
      el("thead", {}, el("tr", {}, ...["Year", ...kinds].map((name, at) => el("th", { scope: "col", class: at ? "num" : null }, name)))),
      el("tbody", {}, ...years.map(([year, found]) => el("tr", {}, el("th", { scope: "row" }, String(year)),
        ...kinds.map((type) => el("td", { class: "num" }, number(found[type] ?? 0)))))))));
}

// The circle within which events of a place may have happened.
function circle(lng, lat, km) {
  const ring = d3.geoCircle().center([lng, lat]).radius(km / 111.2)().coordinates[0];
  return ring.slice(0, -1);
}

async function drawMap(bounds) {
  const { lat, lng, km } = element.dataset;
  const point = lat === undefined ? null : [Number(lng), Number(lat)];
  const map = makeMap(element, filter, point ? { center: point, zoom: 9 } : null);
  map.scrollZoom.disable(); // the page is scrolled over it; the buttons zoom
  await map.once("style.load");
  if (point && km) showArea(map, circle(...point, Number(km)));
  const size = point && km ? Number(km) / 60 : 0;
  const around = size ? [point[0] - size / Math.max(0.2, Math.cos(point[1] * Math.PI / 180)), point[1] - size, point[0] + size / Math.max(0.2, Math.cos(point[1] * Math.PI / 180)), point[1] + size] : bounds;
  if (around) map.fitBounds(around, { padding: 40, maxZoom: point ? 11 : 7, animate: false });
  map.on("click", async (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["events", "rings"] });
    if (found?.properties.id) location.assign(`/event/${encodeURIComponent(found.properties.id)}`);
    else if (found) map.easeTo({ center: found.geometry.coordinates, zoom: map.getZoom() + 2.5 });
  });
}

if (figure) {
  const shown = await ask(`/explore/data?${filter}`);
  const draw = () => chart(shown.timeline);
  draw();
  table(shown.timeline);
  document.addEventListener("theme", draw);
  addEventListener("resize", draw);
  await drawMap(shown.bounds);
} else if (element) {
  await drawMap(null);
}
