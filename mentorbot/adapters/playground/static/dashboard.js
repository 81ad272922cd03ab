// The mentors' dashboard: who's stuck first, then everyone's progress.
import { drawChart, figure } from "./chart.js";
import { openForm } from "./dialog.js";
import { api, byId, el } from "./dom.js";
import { kept, startTheme } from "./theme.js";

const DAY = 86_400_000;
const MAX_NOTE = 500;
const total = (people, name) => people.reduce((sum, person) => sum + person[name], 0);
const count = (number, one, many) => `${figure(number)} ${number === 1 ? one : many}`;
const part = (title, ...inside) => el("section", {}, el("h2", {}, title), ...inside);
let me = new URLSearchParams(location.search).get("as") || kept("person") || "ada";
let shown = "";
let sample = null; // whether the invented team is here; null where there can't be one

function say(id, text) {
  for (const other of ["trouble", "done"]) byId(other).hidden = true;
  byId(id).textContent = text;
  byId(id).hidden = !text;
}

// An error stays in the form, with the note.
async function send(to, text) {
  const answer = await api("/api/note", { as: me, to, text });
  if (answer.error) return { error: { field: "", text: answer.title } };
  say("done", answer.title);
  return {};
}

function noteButton(person) {
  if (!person.to) return null;
  const field = { name: "text", label: "Your message", input: "long_text", required: true, value: "", max_length: MAX_NOTE, hint: "", choices: [] };
  const form = { title: `Message ${person.name}`, line: person.to, fields: [field], submit: "Send" };
  return el("button", { type: "button", class: "write", "aria-label": `Message ${person.name}`, onclick: () => openForm(form, {}, (to, options) => send(to, options.text)) }, "Message");
}

async function sampleTeam(remove) {
  byId("board").setAttribute("aria-busy", "true");
  try {
    const { mentor } = await api("/api/sample-team", { remove });
    if (!remove) me = mentor;
    await load();
  } catch {
    say("trouble", "That didn't work. Is the playground still running?");
  } finally {
    byId("board").removeAttribute("aria-busy");
  }
}

const sampleButton = (isHere) => el("button", { type: "button", class: "write", onclick: () => sampleTeam(isHere) }, isHere ? "Remove the sample team" : "Show a sample team");

function since(day, now) {
  if (!day) return el("p", { class: "since" }, "Not sure since when");
  const days = Math.max(0, Math.round((Date.parse(now.slice(0, 10)) - Date.parse(day)) / DAY));
  const date = new Date(day).toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
  return el("p", { class: "since" }, el("b", {}, days ? `for ${count(days, "day", "days")}` : "as of today"), days > 0 && ", since ", days > 0 && el("time", { datetime: day }, date));
}

function tile(value, words, mark) {
  return el("div", { class: mark ? `tile ${mark}` : "tile" }, el("dt", {}, words), el("dd", {}, value));
}

function tiles(people) {
  const stuck = people.filter((person) => person.blocked.length).length;
  const done = total(people, "done");
  return el("dl", { class: "tiles" }, tile(figure(people.length), people.length === 1 ? "learner" : "learners"),
    tile(figure(stuck), "stuck", stuck && "warm"),
    tile(`${figure(done)} of ${figure(done + total(people, "open"))}`, "steps done"),
    tile(`${figure(total(people, "hours_done"))} of ${figure(total(people, "hours_all"))}`, "hours done"));
}

// Longest wait first; steps without a known date come last.
function blocked(people, now) {
  const all = people.flatMap((person) => person.blocked.map((step) => ({ ...step, name: person.name, to: person.to })));
  all.sort((one, other) => (one.since || "9999").localeCompare(other.since || "9999"));
  if (!all.length) return part("Who's stuck", el("p", { class: "calm" }, "Nobody. Everyone's moving."));
  return part("Who's stuck", el("ul", { class: "blocked" }, ...all.map((item) => el("li", {},
    el("h3", {}, item.name), el("p", {}, item.step), item.why && el("p", { class: "why" }, `“${item.why}”`), since(item.since, now), noteButton(item)))));
}

function bar(done, all, unit) {
  if (!all) return el("span", { class: "calm" }, "none yet");
  const words = `${figure(done)} of ${figure(all)}`;
  return el("div", { class: "bar" }, el("progress", { max: all, value: Math.min(done, all), "aria-label": `${words} ${unit}` }), el("span", {}, words));
}

function learner(person) {
  return el("tr", {}, el("th", { scope: "row" }, person.name, person.blocked.length > 0 && el("span", { class: "flag" }, "stuck"), noteButton(person)),
    el("td", { "data-name": "Now" }, person.now || el("span", { class: "calm" }, "no open step")),
    el("td", { "data-name": "Steps" }, bar(person.done, person.done + person.open, "steps")),
    el("td", { "data-name": "Hours" }, bar(person.hours_done, person.hours_all, "hours")));
}

function learners(people) {
  const head = ["Learner", "Now", "Steps", "Hours"].map((name) => el("th", { scope: "col" }, name));
  return part("All learners", el("table", { class: "learners" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...people.map(learner))));
}

function nothing() {
  return el("section", { class: "nothing" }, el("h2", {}, "Nothing to see yet"),
    el("p", {}, "Once you have learners, you'll see who's stuck, how their plans are going, and who checks in."),
    el("p", {}, "In the ", el("a", { href: "/" }, "playground"), ", tell me you want to mentor.", sample === false && " Or look at a sample team first."),
    sample === false && el("p", {}, sampleButton(false)));
}

function drawing(title, chart, empty) {
  return part(title, chart?.labels.length ? drawChart(chart, title) : el("p", { class: "calm" }, empty));
}

function board(data, now) {
  const { people, burn_up: burnUp, rate } = data;
  if (!people.length && !burnUp && !rate) return [nothing()];
  return [people.length > 0 && blocked(people, now), people.length > 0 && tiles(people),
    people.length > 0 && learners(people),
    el("div", { class: "pair" }, drawing("Plans, week by week", burnUp, "Once a plan has hours and dates, you'll see it here."),
      drawing("Check-ins, week by week", rate, "Once people check in, you'll see it here."))].filter(Boolean);
}

function people(all) {
  byId("person").replaceChildren(...all.map((person) => el("option", { value: person.id, selected: person.id === me }, person.name)));
}

// Redraw only if something has changed, so people don't lose their place or an open table.
async function load() {
  try {
    const answer = await api(`/api/dashboard?${new URLSearchParams({ as: me })}`);
    const text = JSON.stringify([me, answer.dashboard, answer.now.slice(0, 10), answer.sample]);
    byId("trouble").hidden = true;
    if (text === shown) return;
    shown = text;
    sample = answer.sample;
    byId("sample").replaceChildren(...(sample ? [sampleButton(true)] : []));
    kept("person", me);
    people(answer.people);
    byId("title").textContent = answer.dashboard.title;
    byId("board").replaceChildren(...board(answer.dashboard, answer.now));
    byId("note").textContent = answer.dashboard.note;
  } catch {
    byId("trouble").textContent = "I can't read the figures right now. Is the playground still running? Reload this page to try again.";
    byId("trouble").hidden = false;
  }
}

byId("person").addEventListener("change", (event) => {
  me = event.target.value;
  history.replaceState(null, "", `?${new URLSearchParams({ as: me })}`);
  load();
});
document.addEventListener("visibilitychange", () => document.hidden || load());
startTheme();
load();
