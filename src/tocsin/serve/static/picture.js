// The view as a picture, with what it shows and how to cite it written in.
import { TYPES, colour } from "./map.js";

const WIDTH = 1200, TOP = 64, LINE = 20;

function lines({ title, citation }, height) {
  return [[title, 24, 28, 20, "--ink"], ["Colours: " + Object.keys(TYPES).join(" · "), 24, 50, 12, "--soft"],
    [citation, 24, height - 14, 12, "--soft"]];
}

async function drawing(svg) {
  const copy = svg.cloneNode(true);
  copy.querySelector(".brush")?.remove();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  for (const node of copy.querySelectorAll("text")) { node.setAttribute("fill", colour("--ink")); node.setAttribute("font-family", "sans-serif"); node.setAttribute("font-size", "10"); }
  for (const node of copy.querySelectorAll("[stroke=currentColor]")) node.setAttribute("stroke", colour("--soft"));
  return copy;
}

function sizes(map, chart) {
  const canvas = map.getCanvas();
  const mapHeight = Math.round(WIDTH * canvas.height / canvas.width);
  const box = chart?.viewBox.baseVal;
  const chartHeight = box ? Math.round(WIDTH * box.height / box.width) : 0;
  return { mapHeight, chartHeight, height: TOP + mapHeight + chartHeight + 2 * LINE };
}

// What the map shows is there to be read while it is drawn, and not after.
const drawn = (map) => new Promise((done) => { map.once("render", () => done(map.getCanvas().toDataURL("image/png"))); map.triggerRepaint(); });

export async function asSvg(map, chart, about) {
  const { mapHeight, chartHeight, height } = sizes(map, chart);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  const put = (name, attributes, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text) node.textContent = text;
    svg.append(node);
  };
  put("rect", { width: WIDTH, height, fill: colour("--paper") });
  put("image", { x: 0, y: TOP, width: WIDTH, height: mapHeight, href: await drawn(map) });
  if (chart) {
    const copy = await drawing(chart);
    for (const [key, value] of Object.entries({ x: 0, y: TOP + mapHeight, width: WIDTH, height: chartHeight })) copy.setAttribute(key, value);
    svg.append(copy);
  }
  for (const [text, x, y, size, name] of lines(about, height)) put("text", { x, y, "font-size": size, "font-family": "sans-serif", fill: colour(name) }, text);
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

export async function asPng(map, chart, about) {
  const address = URL.createObjectURL(await asSvg(map, chart, about));
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * 2;
  canvas.height = Math.round(canvas.width * image.naturalHeight / image.naturalWidth);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}
