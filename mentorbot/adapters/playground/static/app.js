// The chat page: its state, the event stream, and its parts.
import { startComposer } from "./composer.js";
import { openForm } from "./dialog.js";
import { api, byId, el } from "./dom.js";
import { avatar, startMessages } from "./messages.js";
import { kept, startTheme } from "./theme.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const LOST = "The playground isn't answering. Is it still running?";

let me = kept("person") || "ada";
let place = "";
let view = "chat";
let room = { people: [], channels: [], messages: [] };
let stream = null;
let clockOffset = 0;
const unread = new Set();

const where = () => ({ as: me, channel: place });
const nameOf = (id) => (id === room.bot ? "mentorbot" : (room.people.find((person) => person.id === id) || { name: id }).name);

function trouble(text) {
  byId("trouble").textContent = text;
  byId("trouble").hidden = !text;
}

async function act(path, data) {
  try {
    const answer = await api(path, { ...where(), ...data });
    trouble("");
    if (answer.form) openForm(answer.form, room, (line, options) => act("/api/submit", { line, options, message: data.message || "", title: answer.form.title }));
    return answer;
  } catch (error) {
    trouble(error instanceof TypeError ? LOST : error.message);
    throw error;
  }
}

const list = startMessages({
  me: () => me,
  bot: () => room.bot,
  view: () => view,
  nameOf,
  press: (line, message) => act("/api/press", { line, message: message.id }).catch(() => {}),
  examples: () => ["@mentorbot what does a senior earn?", "@mentorbot give me a tip", `@mentorbot tips here monday 09:00 ${zone}`],
  type: (text) => composer.type(text),
});

function drawHere() {
  list.drawAll(room.messages.filter((message) => message.channel === place));
}

function receive(message) {
  const index = room.messages.findIndex((other) => other.id === message.id);
  if (index >= 0) room.messages[index] = message;
  else room.messages.push(message);
  if (message.channel === place) return list.receive(message);
  unread.add(message.channel);
  drawSidebar();
}

function entry(id, label, mark) {
  return el("li", {}, el("button", {
    type: "button", "aria-current": String(id === place), class: unread.has(id) ? "unread" : null, "data-mark": mark, onclick: () => visit(id),
  }, label, unread.has(id) && el("span", { class: "sr" }, "(new)")));
}

function drawSidebar() {
  byId("channels").replaceChildren(...room.channels.map((id) => entry(id, id, "#")));
  byId("directs").replaceChildren(entry(room.direct, "mentorbot", "@"));
}

function drawPeople() {
  if (byId("people").children.length) return;
  byId("people").replaceChildren(...room.people.map((person) => el("label", {},
    el("input", { type: "radio", name: "person", value: person.id, checked: person.id === me, onchange: () => become(person.id) }),
    avatar(person.id, person.name), person.name, person.admin && el("small", {}, "admin"))));
}

// An admin can remove the bot and invite it again, to see what happens then.
function drawMembership() {
  const admin = room.people.some((person) => person.id === me && person.admin);
  byId("for-admins").hidden = !(admin && room.can_be_removed);
  byId("membership").textContent = room.has_bot ? "Remove mentorbot" : "Invite mentorbot";
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
  byId("topic").textContent = direct ? "Only you and mentorbot see this" : "Mention @mentorbot to ask it something here";
  byId("composer-input").placeholder = direct ? "Ask me anything" : `Message #${id}, or ask @mentorbot`;
  menu(false);
  drawSidebar();
  drawHere();
}

// Redrawing the sidebar loses the focus, so move it to the message box. Not on a touch screen, where a keyboard would pop up.
function visit(id) {
  go(id);
  if (matchMedia("(hover: hover)").matches) byId("composer-input").focus();
}

function setClock(data) {
  clockOffset = new Date(data.now) - Date.now();
  byId("clock").classList.toggle("moved", Math.abs(clockOffset) > 60000);
  tick();
}

function tick() {
  const now = new Date(Date.now() + clockOffset);
  const part = (name, options) => { byId("now").querySelector(name).textContent = now.toLocaleString("en-GB", options); };
  part(".weekday", { weekday: "short" });
  part(".date", { day: "numeric", month: "short" });
  part(".hour", { hour: "2-digit", minute: "2-digit" });
  byId("now").dateTime = now.toISOString();
}

async function load() {
  const loaded = await api(`/api/state?as=${encodeURIComponent(me)}`);
  if (loaded.direct !== `dm-${me}`) return;
  room = loaded;
  trouble("");
  drawPeople();
  drawMembership();
  setClock(room);
  go(room.channels.includes(place) ? place : room.direct);
}

// Load the state once the stream is open, so no event is lost in between; the same after the server was unreachable.
function become(id) {
  me = id;
  kept("person", id);
  byId("dashboard").href = `/dashboard?as=${encodeURIComponent(id)}`;
  unread.clear();
  stream?.close();
  stream = new EventSource(`/events?as=${encodeURIComponent(me)}`);
  stream.addEventListener("open", () => load().catch(() => trouble(LOST)));
  stream.addEventListener("error", () => trouble(LOST));
  stream.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  stream.addEventListener("clock", (event) => setClock(JSON.parse(event.data)));
  stream.addEventListener("membership", (event) => { room.has_bot = JSON.parse(event.data).has_bot; drawMembership(); });
}

byId("view").addEventListener("change", (event) => { view = event.target.value; drawHere(); });
byId("menu").addEventListener("click", () => menu(!document.body.classList.contains("open")));
byId("shade").addEventListener("click", () => menu(false));
document.querySelectorAll("[data-to]").forEach((button) => button.addEventListener("click", () => {
  byId("clock").open = false;
  act("/api/clock", { to: button.dataset.to, zone }).catch(() => {});
}));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu(false);
  byId("clock").open = false;
});
document.addEventListener("click", (event) => {
  if (!byId("clock").contains(event.target)) byId("clock").open = false;
});
// Six weeks of an invented team, seen as one of its mentors.
byId("sample").addEventListener("click", async (event) => {
  event.currentTarget.disabled = true;
  try {
    const { mentor } = await api("/api/sample-team", {});
    location.assign(`/dashboard?as=${encodeURIComponent(mentor)}`);
  } catch (error) {
    trouble(error instanceof TypeError ? LOST : error.message);
  } finally {
    byId("sample").disabled = false;
  }
});
byId("membership").addEventListener("click", () => act("/api/membership", { present: !room.has_bot }).catch(() => {}));
startTheme();
const composer = startComposer(where, (text) => act("/api/say", { text }));
setInterval(tick, 5000);
become(me);
