// Light or dark: what the reader chose, else what the system says. Loaded before the page is drawn.
const wanted = localStorage.getItem("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const apply = (name) => { document.documentElement.dataset.theme = name; };
apply(wanted ?? (dark.matches ? "dark" : "light"));
dark.addEventListener("change", (event) => { if (!localStorage.getItem("theme")) apply(event.matches ? "dark" : "light"); });
document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  const show = () => { button.setAttribute("aria-pressed", String(document.documentElement.dataset.theme === "dark")); };
  show();
  document.querySelector(".bar nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }); // on a phone
  button.addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", next);
    apply(next);
    show();
    document.dispatchEvent(new CustomEvent("theme"));
  });
});
