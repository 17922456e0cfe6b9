// The jobs page: shows how far open jobs are, while any is open.
import { ask, el, number } from "./html.js";

const EVERY = 1500;
const OPEN = ["waiting", "running"];

function show(job) {
  const card = document.getElementById(`job-${job.id}`);
  if (!card) return false; // somebody else began it
  if (card.dataset.state !== job.state && !job.open) return false;
  card.dataset.state = job.state;
  const state = card.querySelector(".state");
  state.textContent = job.state;
  state.className = `state ${job.state}`;
  const bar = card.querySelector("progress");
  if (bar && job.of) { bar.max = job.of; bar.value = job.count; }
  card.querySelector(".count")?.replaceChildren(job.of ? `${number(job.count)} of ${number(job.of)}` : number(job.count));
  return true;
}

// What has changed for good is taken from the page anew; the rest of the page stays as it is, with what is typed in it.
async function renew(ended) {
  const page = new DOMParser().parseFromString(await ask(location.pathname), "text/html");
  const old = document.getElementById("jobs").closest("section");
  const fresh = page.getElementById("jobs").closest("section");
  const focused = document.activeElement?.closest(".job")?.id;
  old.replaceChildren(...fresh.childNodes);
  if (focused) document.querySelector(`#${focused} h3`)?.closest(".job").focus();
  document.getElementById("news").textContent = ended.map((job) => `${job.name}: ${job.state}. ${job.said}`).join(" ");
}

async function look() {
  if (![...document.querySelectorAll("[data-state]")].some((card) => OPEN.includes(card.dataset.state))) return;
  try {
    const jobs = await ask("/admin/jobs/state");
    const ended = jobs.filter((job) => !show(job));
    if (ended.length) await renew(ended);
  } catch (error) {
    document.getElementById("news").replaceChildren(el("span", {}, `The server does not answer: ${error.message}`));
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
