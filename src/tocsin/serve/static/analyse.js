// Another question has other options: ask for its form at once. Empty fields stay out of the address.
const form = document.querySelector("#question-form");
form.addEventListener("change", (event) => {
  if (event.target.name !== "question") return;
  const kept = ["country", "since", "until", "admin1", "event_type", "actor"];
  const query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => kept.includes(name) && value));
  query.set("choose", event.target.value);
  location.search = query;
});
form.addEventListener("submit", () => {
  for (const field of form.elements) if (field.name && field.type !== "checkbox" && !field.value) field.disabled = true;
  const button = form.querySelector("button.main");
  button.textContent = "Working it out …";
});
addEventListener("pageshow", () => {
  for (const field of form.elements) field.disabled = false;
  form.querySelector("button.main").textContent = "Ask";
});
