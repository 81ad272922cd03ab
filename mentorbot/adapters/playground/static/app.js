// The page: its state, the stream of events, and the parts that it is made of.
import { drawCard } from "./cards.js";
import { startComposer } from "./composer.js";
import { openForm } from "./dialog.js";
import { api, byId, el } from "./dom.js";
import { drawSlack } from "./slackview.js";

const COLOURS = { ada: "#9c36b5", ben: "#0b7285", chen: "#b35c00", dee: "#2b7a3d" };
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const kept = (name, value) => (value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value));

let me = kept("person") || "ada";
let place = "";
let view = "chat";
let room = { people: [], channels: [], messages: [] };
let stream = null;
let clockOffset = 0;
const unread = new Set();

const where = () => ({ as: me, channel: place });
const nameOf = (id) => (id === room.bot ? "mentorbot" : (room.people.find((person) => person.id === id) || { name: id }).name);
const at = (iso) => new Date(iso).toLocaleString([], { weekday: "short", hour: "2-digit", minute: "2-digit" });

async function act(path, data) {
  const answer = await api(path, { ...where(), ...data });
  if (answer.form) openForm(answer.form, (line, options) => act("/api/submit", { line, options, message: data.message || "" }));
}

function presser(message) {
  return async (line, button) => {
    button.disabled = true;
    await act("/api/press", { line, message: message.id }).catch(() => {});
    button.disabled = false;
  };
}

function avatar(id) {
  if (id === room.bot) return el("div", { class: "avatar", "aria-hidden": "true" }, el("img", { src: "/static/icon.svg", alt: "" }));
  const mark = el("div", { class: "avatar", "aria-hidden": "true" }, nameOf(id).slice(0, 1));
  mark.style.background = COLOURS[id] || "#555";
  return mark;
}

function body(message) {
  if (!message.card) return el("div", { class: "said" }, message.text);
  const holder = el("div", {});
  if (view === "chat") holder.append(drawCard(message.card, message.private, presser(message)));
  else showWire(holder, message);
  return holder;
}

async function showWire(holder, message) {
  const kind = view === "slackview" ? "slack" : view;
  const data = await api(`/api/view?${new URLSearchParams({ as: me, message: message.id, kind })}`).catch((error) => String(error));
  if (view === "slackview") holder.replaceChildren(drawSlack(data, presser(message)));
  else holder.replaceChildren(el("pre", { class: "wire", tabindex: "0" }, typeof data === "string" ? data : JSON.stringify(data, null, 2)));
  toEnd();
}

function draw(message) {
  const meta = el("div", { class: "meta" }, el("b", {}, nameOf(message.author)),
    message.author === room.bot && el("span", { class: "app" }, "APP"),
    el("time", { datetime: message.at }, at(message.at)),
    message.asked && el("code", { class: "asked" }, message.asked), message.private && el("span", { class: "only" }, "Only you see this"));
  return el("li", { class: "message", id: message.id }, avatar(message.author), meta, body(message));
}

function toEnd() {
  const list = byId("messages");
  list.scrollTop = list.scrollHeight;
}

function drawMessages() {
  const here = room.messages.filter((message) => message.channel === place);
  const empty = el("li", { class: "empty" }, "Nothing here yet. Type /mentor and a space to see what you can ask.");
  byId("messages").replaceChildren(...(here.length ? here.map(draw) : [empty]));
  toEnd();
}

function receive(message) {
  const index = room.messages.findIndex((other) => other.id === message.id);
  if (index >= 0) room.messages[index] = message;
  else room.messages.push(message);
  if (message.channel !== place) {
    unread.add(message.channel);
    return drawSidebar();
  }
  const old = byId(message.id);
  if (old) return old.replaceWith(draw(message));
  byId("messages").querySelector(".empty")?.remove();
  byId("messages").append(draw(message));
  byId(message.id).scrollIntoView({ block: message.card ? "start" : "end" });
}

function entry(id, label, mark) {
  return el("li", {}, el("button", {
    "aria-current": String(id === place), class: unread.has(id) ? "unread" : null, "data-mark": mark, onclick: () => go(id),
  }, label));
}

function drawSidebar() {
  byId("channels").replaceChildren(...room.channels.map((id) => entry(id, id, "#")));
  byId("directs").replaceChildren(entry(room.direct, "mentorbot", "●"));
}

function menu(open) {
  document.body.classList.toggle("open", open);
  byId("shade").hidden = !open;
  byId("menu").setAttribute("aria-expanded", String(open));
}

function go(id) {
  place = id;
  unread.delete(id);
  const direct = id === room.direct;
  byId("place").textContent = direct ? "mentorbot" : `# ${id}`;
  byId("composer-input").placeholder = direct ? "Ask me anything, or type /mentor" : `Message #${id}, or type /mentor`;
  menu(false);
  drawSidebar();
  drawMessages();
}

function setClock(data) {
  clockOffset = new Date(data.now) - Date.now();
  byId("clock").classList.toggle("moved", Math.abs(clockOffset) > 60000);
  tick();
}

function tick() {
  const now = new Date(Date.now() + clockOffset);
  byId("now").textContent = now.toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  byId("now").dateTime = now.toISOString();
}

function listen() {
  stream?.close();
  stream = new EventSource(`/events?as=${me}`);
  stream.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  stream.addEventListener("clock", (event) => setClock(JSON.parse(event.data)));
}

async function become(id) {
  me = id;
  kept("person", id);
  unread.clear();
  listen();
  room = await api(`/api/state?as=${me}`);
  byId("person").replaceChildren(...room.people.map((person) =>
    el("option", { value: person.id, selected: person.id === me }, person.admin ? `${person.name} (admin)` : person.name)));
  setClock(room);
  go(room.channels.includes(place) ? place : room.direct);
}

byId("person").addEventListener("change", (event) => become(event.target.value));
byId("view").addEventListener("change", (event) => { view = event.target.value; drawMessages(); });
byId("menu").addEventListener("click", () => menu(!document.body.classList.contains("open")));
byId("shade").addEventListener("click", () => menu(false));
byId("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  kept("theme", document.documentElement.dataset.theme);
});
document.querySelectorAll("[data-to]").forEach((button) => button.addEventListener("click", async () => {
  byId("clock").open = false;
  await api("/api/clock", { to: button.dataset.to, zone });
}));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu(false);
  byId("clock").open = false;
});
if (kept("theme")) document.documentElement.dataset.theme = kept("theme");
startComposer(where, (text) => act("/api/say", { text }));
setInterval(tick, 5000);
await become(me);
