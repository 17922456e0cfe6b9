// Elements from text: whatever a report says stays text.
export function el(name, attributes = {}, ...children) {
  const found = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) found.addEventListener(key.slice(2), value);
    else found.setAttribute(key, value === true ? "" : value);
  }
  found.append(...children.filter((child) => child !== null && child !== undefined));
  return found;
}

export const typeClass = (type) => (type || "Strategic").split(/[/ ]/)[0];
export const number = (value) => value.toLocaleString("en");

// Ask our server; what it says when something is wrong becomes the error's message.
export async function ask(address, { method = "GET", body, signal } = {}) {
  const headers = { accept: "application/json" };
  if (method !== "GET") headers["x-csrf-token"] = document.querySelector("meta[name=csrf]").content;
  if (body !== undefined) headers["content-type"] = "application/json";
  const answer = await fetch(address, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  const found = answer.headers.get("content-type")?.includes("json") ? await answer.json() : await answer.text();
  if (!answer.ok) {
    const error = new Error(found.message ?? (typeof found === "string" ? found : `The server said ${answer.status}.`));
    Object.assign(error, { status: answer.status, answer: found });
    throw error;
  }
  return found;
}

// A chart of Plot whose groups may bear the names that Plot gives them.
export function named(chart) {
  for (const group of chart.querySelectorAll("g[aria-label]")) group.setAttribute("role", "group");
  return chart;
}
