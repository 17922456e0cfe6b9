// Adjudication: what an editor takes amends the event.
import { ask } from "./html.js";

const told = document.getElementById("told");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-values]");
  if (!button) return;
  const { event: about, version } = button.closest("[data-event]").dataset;
  const { field } = button.closest("[data-field]").dataset;
  button.disabled = true;
  try {
    const values = JSON.parse(button.dataset.values);
    await ask("/desk/verdicts", { method: "POST", body: { about, verdict: "amend", field, values: { [field]: null, ...values }, why: "decided between coders", seen: { [about]: Number(version) } } });
    location.reload();
  } catch (error) {
    button.disabled = false;
    told.className = "card problem";
    told.textContent = `${error.message} ${error.status === 422 ? "Open the event on the desk to set it by hand." : error.status === 409 ? "Load the page again to see it." : ""}`;
    told.scrollIntoView({ block: "center" });
  }
});
document.body.dataset.ready = "yes";
