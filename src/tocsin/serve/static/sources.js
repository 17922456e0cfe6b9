// Events by month as bars, from the numbers in the table of each figure.
document.documentElement.dataset.scripts = "yes";

const WIDEST = 30; // pixels for each of the two parts of a month, so that few months are no posters

function draw(figure) {
  const place = figure.querySelector(".drawn");
  const colour = (name) => getComputedStyle(figure.querySelector(`.key .${name} .dot`)).color;
  const rows = [...figure.querySelectorAll("tbody tr")].flatMap((line) => {
    const [start, rest, apart] = [...line.children].map((cell) => cell.textContent.trim());
    const from = new Date(start.length > 4 ? `${start}-01T00:00:00Z` : `${start}-01-01T00:00:00Z`);
    const to = start.length > 4 ? d3.utcMonth.offset(from, 1) : d3.utcYear.offset(from, 1);
    return [{ start, from, to, kind: "rest", events: Number(rest) }, { start, from, to, kind: "apart", events: Number(apart) }];
  });
  const [, rest, apart] = [...figure.querySelectorAll("thead th")].map((cell) => cell.textContent);
  const words = { rest, apart };
  const chart = Plot.plot({
    className: "plot", width: Math.max(280, Math.min(place.clientWidth, 80 + rows.length * WIDEST)), height: 200, marginLeft: 40, marginRight: 20, marginTop: 10, marginBottom: 36,
    x: { type: "utc", label: null }, y: { label: null, grid: true, ticks: 4, tickFormat: "~s" },
    color: { domain: ["rest", "apart"], range: [colour("rest"), colour("apart")] },
    marks: [Plot.rectY(rows.filter((row) => row.events), Plot.stackY({ x1: "from", x2: "to", y: "events", fill: "kind", order: ["rest", "apart"], insetLeft: 0.5,
      insetRight: 0.5, title: (row) => `${row.start}: ${row.events.toLocaleString("en")} ${words[row.kind]}` })), Plot.ruleY([0])],
  });
  chart.setAttribute("aria-hidden", "true"); // the place has a label, and the table has the numbers
  place.replaceChildren(chart);
}

const figures = [...document.querySelectorAll("[data-months]")];
const all = () => figures.forEach(draw);
all();
document.addEventListener("theme", all);
let waiting = 0;
addEventListener("resize", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(all); });
