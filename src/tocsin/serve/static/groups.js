// Where a name of the registry is asked for: those that fit what is typed.
import { ask, el } from "./html.js";

for (const input of document.querySelectorAll(".find-group")) {
  let waiting = null;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (input.value.length < 2) return;
      const names = await ask(`/actors/groups?part=${encodeURIComponent(input.value)}`);
      input.list.replaceChildren(...names.map((value) => el("option", { value })));
    }, 200);
  });
}
