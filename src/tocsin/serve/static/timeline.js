// Events over time, with a brush that chooses the period.
import { TYPES, colour } from "./map.js";
import { named, number } from "./html.js";

const HEIGHT = 112;
const DAYS = { day: 1, week: 7 };

const start = (text) => new Date(`${text}T00:00:00Z`);
const iso = (day) => day.toISOString().slice(0, 10);

export function drawTimeline(element, data, chosen, choose) {
  element.replaceChildren();
  if (!data.starts.length) return;
  const width = Math.max(320, element.clientWidth);
  const end = (day) => (data.step === "month" ? d3.utcMonth.offset(day, 1) : d3.utcDay.offset(day, DAYS[data.step]));
  const rows = Object.keys(TYPES).filter((type) => data.types[type]).flatMap((type) =>
    data.types[type].map((events, at) => ({ type, events, x1: start(data.starts[at]), x2: end(start(data.starts[at])) })).filter((row) => row.events));
  const marginLeft = 44, marginRight = 8;
  const chart = Plot.plot({
    className: "plot", width, height: HEIGHT, marginLeft, marginRight, marginTop: 8, marginBottom: 22,
    ariaLabel: "Events over time",
    ariaDescription: `Events for each ${data.step} from ${data.starts[0]} to ${iso(end(start(data.starts.at(-1))))}`,
    x: { type: "utc", label: null, domain: [start(data.starts[0]), end(start(data.starts.at(-1)))] }, y: { label: null, grid: true, ticks: 3, tickFormat: "s" },
    color: { domain: Object.keys(TYPES), range: Object.values(TYPES).map(colour) },
    marks: [Plot.rectY(rows, Plot.stackY({ x1: "x1", x2: "x2", y: "events", fill: "type", insetLeft: 0.5,
      title: (row) => `${row.type}: ${number(row.events)} in the ${data.step} of ${iso(row.x1)}` })), Plot.ruleY([0])],
  });
  const scale = chart.scale("x");
  const brush = d3.brushX().extent([[marginLeft, 4], [width - marginRight, HEIGHT - 22]]).on("end", (event) => {
    if (!event.sourceEvent) return;
    if (!event.selection) return choose(null, null);
    const [from, to] = event.selection.map((at) => scale.invert(at));
    choose(iso(d3.utcDay.round(new Date(from))), iso(d3.utcDay.offset(d3.utcDay.round(new Date(to)), -1)));
  });
  const area = d3.select(chart).append("g").attr("class", "brush").attr("aria-hidden", "true").call(brush);
  if (chosen.since || chosen.until) {
    const [low, high] = scale.domain.map(Number);
    const at = (day, none) => scale.apply(new Date(Math.min(high, Math.max(low, day ? Number(start(day)) : none))));
    area.call(brush.move, [at(chosen.since, low), at(chosen.until && iso(d3.utcDay.offset(start(chosen.until), 1)), high)]);
  }
  element.append(named(chart));
}
