// The map: borders, towns and events, all from this server.
import * as maplibre from "./vendor/maplibre-gl.mjs";

export const TYPES = {
  "Battles": "--battles", "Explosions/Remote violence": "--explosions", "Violence against civilians": "--civilians",
  "Protests": "--protests", "Riots": "--riots", "Strategic developments": "--strategic",
};
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const typeColour = () => ["match", ["get", "type"], ...Object.entries(TYPES).flatMap(([type, name]) => [type, colour(name)]), colour("--strategic")];

async function borders() {
  const topology = await (await fetch("/static/vendor/countries-50m.json")).json();
  return topojson.feature(topology, topology.objects.countries);
}

function style(land, query) {
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: land },
      events: { type: "vector", tiles: [`${location.origin}/tiles/{z}/{x}/{y}.mvt?${query}`], maxzoom: 14 },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour("--sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": colour("--land"), "fill-outline-color": colour("--border") } },
      { id: "events", type: "circle", source: "events", "source-layer": "events", paint: {
        "circle-color": typeColour(), "circle-opacity": 0.75, "circle-stroke-color": colour("--card"), "circle-stroke-width": 1,
        "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "events"]], 0, 5, 1, 11, 3, 24, 5, 36] } },
      { id: "numbers", type: "symbol", source: "events", "source-layer": "events", filter: [">", ["get", "events"], 1],
        layout: { "text-field": ["to-string", ["get", "events"]], "text-size": 12, "text-font": ["sans-serif"] },
        paint: { "text-color": colour("--ink"), "text-halo-color": colour("--card"), "text-halo-width": 1.5 } },
    ],
  };
}

export async function makeMap(element, query) {
  maplibre.setWorkerUrl("/static/vendor/maplibre-gl-worker.mjs");
  const map = new maplibre.Map({ container: element, style: style(await borders(), query), center: [10, 12], zoom: 2,
    attributionControl: { compact: true, customAttribution: "Borders: Natural Earth" } });
  map.addControl(new maplibre.NavigationControl());
  return map;
}
