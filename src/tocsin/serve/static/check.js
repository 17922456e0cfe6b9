// Say that the text is being read; bring the verdicts into view.
const form = document.querySelector("#check-form");
const state = document.querySelector("#state");
form.addEventListener("submit", () => {
  state.textContent = "Reading the text and asking the events … the first text takes some seconds longer.";
  form.querySelector("button.main").disabled = true;
});
form.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(); });
addEventListener("pageshow", () => { form.querySelector("button.main").disabled = false; state.textContent = ""; });
const result = document.querySelector("#result");
if (result) { result.focus({ preventScroll: true }); result.scrollIntoView({ block: "start" }); }
for (const link of document.querySelectorAll("a.said")) link.addEventListener("click", () => document.querySelector(link.hash)?.focus({ preventScroll: true }));
fetch("/paste/ready").catch(() => {});
