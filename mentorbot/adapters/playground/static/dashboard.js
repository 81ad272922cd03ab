// The mentors' dashboard: blocked learners first, then everyone's progress.
import { drawChart, figure } from "./chart.js";
import { api, byId, el } from "./dom.js";
import { kept, startTheme } from "./theme.js";

const DAY = 86_400_000;
const total = (people, name) => people.reduce((sum, person) => sum + person[name], 0);
const count = (number, one, many) => `${figure(number)} ${number === 1 ? one : many}`;
const part = (title, ...inside) => el("section", {}, el("h2", {}, title), ...inside);
let me = new URLSearchParams(location.search).get("as") || kept("person") || "ada";
let shown = "";

function since(day, now) {
  if (!day) return el("p", { class: "since" }, "Since when is not known");
  const days = Math.max(0, Math.round((Date.parse(now.slice(0, 10)) - Date.parse(day)) / DAY));
  const date = new Date(day).toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
  return el("p", { class: "since" }, el("b", {}, days ? `for ${count(days, "day", "days")}` : "since today"), ", since ", el("time", { datetime: day }, date));
}

function tile(value, words, mark) {
  return el("div", { class: mark ? `tile ${mark}` : "tile" }, el("dt", {}, words), el("dd", {}, value));
}

function tiles(people) {
  const stuck = people.filter((person) => person.blocked.length).length;
  const done = total(people, "done");
  return el("dl", { class: "tiles" }, tile(figure(people.length), people.length === 1 ? "learner" : "learners"),
    tile(figure(stuck), "blocked", stuck && "warm"),
    tile(`${figure(done)} of ${figure(done + total(people, "open"))}`, "steps done"),
    tile(`${figure(total(people, "hours_done"))} of ${figure(total(people, "hours_all"))}`, "hours done"));
}

// Longest wait first; steps without a known date come last.
function blocked(people, now) {
  const all = people.flatMap((person) => person.blocked.map((step) => ({ ...step, name: person.name })));
  all.sort((one, other) => (one.since || "9999").localeCompare(other.since || "9999"));
  if (!all.length) return part("Who is blocked", el("p", { class: "calm" }, "Nobody. Everyone can go on."));
  return part("Who is blocked", el("ul", { class: "blocked" }, ...all.map((item) => el("li", {},
    el("h3", {}, item.name), el("p", {}, item.step), item.why && el("p", { class: "why" }, `“${item.why}”`), since(item.since, now)))));
}

function bar(done, all, unit) {
  if (!all) return el("span", { class: "calm" }, "none yet");
  const words = `${figure(done)} of ${figure(all)}`;
  return el("div", { class: "bar" }, el("progress", { max: all, value: Math.min(done, all), "aria-label": `${words} ${unit}` }), el("span", {}, words));
}

function learner(person) {
  return el("tr", {}, el("th", { scope: "row" }, person.name, person.blocked.length > 0 && el("span", { class: "flag" }, "blocked")),
    el("td", { "data-name": "Now" }, person.now || el("span", { class: "calm" }, "no step is open")),
    el("td", { "data-name": "Steps" }, bar(person.done, person.done + person.open, "steps")),
    el("td", { "data-name": "Hours" }, bar(person.hours_done, person.hours_all, "hours")));
}

function learners(people) {
  const head = ["Learner", "Now", "Steps", "Hours"].map((name) => el("th", { scope: "col" }, name));
  return part("All learners", el("table", { class: "learners" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...people.map(learner))));
}

function nothing() {
  return el("section", { class: "nothing" }, el("h2", {}, "Nothing to see yet"),
    el("p", {}, "Here you will see how your learners come on: their plans week by week, who is blocked, and who checks in."),
    el("p", {}, "To begin, type one of these in the ", el("a", { href: "/" }, "playground"), ":"),
    el("ul", {}, el("li", {}, el("code", {}, "/mentor pair offer"), " offers yourself as somebody’s mentor."),
      el("li", {}, el("code", {}, "/mentor plan new"), " begins a plan of your own.")));
}

function drawing(title, chart, empty) {
  return part(title, chart?.labels.length ? drawChart(chart, title) : el("p", { class: "calm" }, empty));
}

function board(data, now) {
  const { people, burn_up: burnUp, rate } = data;
  if (!people.length && !burnUp && !rate) return [nothing()];
  return [people.length > 0 && tiles(people),
    el("div", { class: "pair" }, drawing("Plans, week by week", burnUp, "Once a plan has hours and dates, its way is drawn here."),
      drawing("Check-ins, week by week", rate, "Once somebody was asked how it goes, the answers are counted here.")),
    people.length > 0 && blocked(people, now), people.length > 0 && learners(people)].filter(Boolean);
}

function people(all) {
  byId("person").replaceChildren(...all.map((person) => el("option", { value: person.id, selected: person.id === me }, person.name)));
}

// Redraw only if something has changed, so people don't lose their place or an open table.
async function load() {
  try {
    const answer = await api(`/api/dashboard?${new URLSearchParams({ as: me })}`);
    const text = JSON.stringify([me, answer.dashboard, answer.now.slice(0, 10)]);
    byId("trouble").hidden = true;
    if (text === shown) return;
    shown = text;
    kept("person", me);
    people(answer.people);
    byId("title").textContent = answer.dashboard.title;
    byId("board").replaceChildren(...board(answer.dashboard, answer.now));
    byId("note").textContent = answer.dashboard.note;
  } catch {
    byId("trouble").textContent = "The figures cannot be read just now. Is the playground still running? Reload this page to try again.";
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
