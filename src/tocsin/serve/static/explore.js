import { makeMap } from "./map.js";

const query = location.search.slice(1);
const map = await makeMap(document.getElementById("map"), query);
map.on("idle", () => { map.getContainer().dataset.events = map.queryRenderedFeatures({ layers: ["events"] }).length; });
const data = await (await fetch(`/explore/data?${query}`)).json();
const rows = Object.entries(data.timeline.types).flatMap(([type, counts]) =>
  counts.map((events, at) => ({ type, events, day: new Date(data.timeline.starts[at]) })));
document.getElementById("timeline").append(Plot.plot({ className: "plot", height: 120, marks: [Plot.rectY(rows, { x: "day", interval: "week", y: "events", fill: "type" })] }));
if (data.bounds) map.fitBounds(data.bounds, { padding: 60, maxZoom: 6, animate: false });
