// Lists of actors and places: the list follows what is typed; the address says the same.
const form = document.querySelector("form.search");
const list = document.getElementById(form.dataset.list);
let waiting = null, asking = null;

async function show() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  const address = `${form.getAttribute("action")}?${query}`;
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" }, signal: asking.signal });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list.id);
    if (!found) return location.assign(address);
    list.replaceChildren(...found.childNodes);
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 200); });
