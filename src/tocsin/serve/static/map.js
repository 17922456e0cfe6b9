// The map: borders, towns and events, all from this server.
import * as maplibre from "./vendor/maplibre-gl.mjs";

maplibre.setWorkerUrl("/static/vendor/maplibre-gl-worker.mjs");
maplibre.prewarm(); // the worker starts while the first answer is on its way

export const TYPES = {
  "Battles": "--battles", "Explosions/Remote violence": "--explosions", "Violence against civilians": "--civilians",
  "Protests": "--protests", "Riots": "--riots", "Strategic developments": "--strategic",
};
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const TOWNS = 4; // from this zoom on towns are named
const FAR = 20; // km: a place known no better than this is drawn as a ring, never as a point

export const typeColour = () => ["match", ["get", "type"], ...Object.entries(TYPES).flatMap(([type, name]) => [type, colour(name)]), colour("--strategic")];
const tiles = (query) => [`${location.origin}/tiles/{z}/{x}/{y}.mvt?${query}`];

// `spread` is how wide the ring is in pixels at zoom 0; it doubles with each zoom.
const wide = (least) => ["interpolate", ["exponential", 2], ["zoom"], 0, ["max", ["get", "spread"], least], 20, ["max", ["*", ["get", "spread"], 2 ** 20], least]];
const near = ["<", ["get", "radius"], FAR];
const alone = ["==", ["get", "events"], 1];

function layers() {
  const ink = { "text-color": colour("--soft"), "text-halo-color": colour("--land"), "text-halo-width": 1.2 };
  const events = { source: "events", "source-layer": "events" }, land = { source: "land", "source-layer": "land" };
  return [
    { id: "sea", type: "background", paint: { "background-color": colour("--sea") } },
    { id: "land", type: "fill", ...land, paint: { "fill-color": colour("--land") } },
    { id: "border", type: "line", ...land, paint: { "line-color": colour("--border"), "line-width": 1 } },
    { id: "towns", type: "symbol", source: "towns", minzoom: TOWNS, filter: ["<=", ["get", "zoom"], ["zoom"]],
      layout: { "text-field": ["get", "name"], "text-size": 11, "text-font": ["sans-serif"], "text-anchor": "top", "text-offset": [0, 0.2] }, paint: ink },
    { id: "countries", type: "symbol", source: "land", "source-layer": "names", maxzoom: 6,
      filter: [">", ["get", "size"], ["step", ["zoom"], 0.004, 3, 0.0006, 4, 0.00005, 5, 0]], // steradians: islands come later
      layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": ["sans-serif"], "symbol-sort-key": ["-", 0, ["get", "size"]], "text-letter-spacing": 0.06, "text-transform": "uppercase" }, paint: ink },
    { id: "rings", type: "circle", ...events, filter: ["all", alone, ["!", near]], paint: {
      "circle-color": typeColour(), "circle-opacity": 0.14, "circle-stroke-color": typeColour(), "circle-stroke-width": 1.5, "circle-stroke-opacity": 0.8, "circle-radius": wide(7) } },
    { id: "events", type: "circle", ...events, filter: ["any", ["!", alone], near], paint: {
      "circle-color": typeColour(), "circle-opacity": 0.78, "circle-stroke-color": colour("--card"), "circle-stroke-width": 1,
      "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "events"]], 0, 5, 1, 10, 3, 20, 5, 32] } },
    { id: "numbers", type: "symbol", ...events, filter: [">", ["get", "events"], 1],
      layout: { "text-field": ["case", [">=", ["get", "events"], 1000], ["concat", ["to-string", ["round", ["/", ["get", "events"], 1000]]], "k"], ["to-string", ["get", "events"]]],
        "text-size": 11, "text-font": ["sans-serif"], "text-allow-overlap": true },
      paint: { "text-color": colour("--ink"), "text-halo-color": colour("--card"), "text-halo-width": 1.4 } },
    { id: "drawn", type: "line", source: "drawn", paint: { "line-color": colour("--focus"), "line-width": 2, "line-dasharray": [2, 1] } },
    { id: "drawn-in", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour("--focus"), "fill-opacity": 0.06 } },
  ];
}

const nothing = () => ({ type: "FeatureCollection", features: [] });

// `view`: `center` and `zoom`, or `bounds`.
export function makeMap(element, query, view) {
  const style = { version: 8, layers: layers(), sources: {
    land: { type: "vector", tiles: [`${location.origin}/map/land/{z}/{x}/{y}.mvt`], maxzoom: 7, attribution: "Borders: Natural Earth" },
    towns: { type: "geojson", data: nothing(), attribution: "Places: GeoNames, CC BY 4.0" },
    events: { type: "vector", tiles: tiles(query), maxzoom: 14 }, drawn: { type: "geojson", data: nothing() } } };
  const map = new maplibre.Map({ container: element, style, ...(view ?? { center: [12, 14], zoom: 2.2 }), fitBoundsOptions: { padding: 50, maxZoom: 7 }, fadeDuration: 0, minZoom: 0.5,
    maxZoom: 15, dragRotate: false, pitchWithRotate: false, touchPitch: false, renderWorldCopies: true, attributionControl: { compact: true } });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.addControl(new maplibre.ScaleControl());
  map.on("idle", () => { element.dataset.events = map.queryRenderedFeatures({ layers: ["events", "rings"] }).length; });
  document.addEventListener("theme", () => repaint(map));
  const towns = () => { // not before they are drawn: there are many
    if (map.getZoom() < TOWNS) return;
    map.off("zoomend", towns);
    map.getSource("towns").setData("/map/towns.json");
  };
  map.on("zoomend", towns);
  map.once("idle", towns);
  return map;
}

export const setQuery = (map, query) => map.getSource("events").setTiles(tiles(query));
export const popup = (map, at, content) => new maplibre.Popup({ maxWidth: "22rem" }).setLngLat(at).setDOMContent(content).addTo(map);

function repaint(map) {
  for (const layer of layers()) {
    for (const [name, value] of Object.entries(layer.paint)) map.setPaintProperty(layer.id, name, value);
  }
}

export function showArea(map, corners) {
  const closed = corners.length > 2 ? [...corners, corners[0]] : corners;
  const geometry = corners.length > 2 ? { type: "Polygon", coordinates: [closed] } : { type: "LineString", coordinates: closed };
  map.getSource("drawn").setData(corners.length > 1 ? { type: "Feature", properties: {}, geometry } : nothing());
}
