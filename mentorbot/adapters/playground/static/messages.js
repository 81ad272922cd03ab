// Draws the message list: author, time and text, grouped by day, with each card in the chosen view.
import { drawCard, drawFiles } from "./cards.js";
import { api, byId, el } from "./dom.js";
import { drawSlack } from "./slackview.js";

const list = byId("messages");
const local = (iso, options) => new Date(iso).toLocaleString("en-GB", options);
const dayOf = (message) => local(message.at, { weekday: "long", day: "numeric", month: "long" });
const hourOf = (message) => local(message.at, { hour: "2-digit", minute: "2-digit" });

export function avatar(id, name, bot) {
  const inside = id === bot ? el("img", { src: "/static/icon.svg", alt: "" }) : name.slice(0, 1);
  return el("span", { class: "avatar", "data-who": id, "aria-hidden": "true" }, inside);
}

// `page` provides me(), bot(), view(), nameOf(id), press(line, message), examples() and type(text).
export function startMessages(page) {
  function presser(message) {
    return async (line, button) => {
      if (button.getAttribute("aria-disabled")) return; // aria-disabled, because a disabled button would lose the keyboard focus
      button.setAttribute("aria-disabled", "true");
      await page.press(line, message);
      button.removeAttribute("aria-disabled");
    };
  }

  // A replaced message keeps its id; the time makes the address unique, so the browser doesn't reuse the old chart.
  const means = (message) => ({
    press: presser(message),
    address: (kind, block) => `/api/${kind}?${new URLSearchParams({ as: page.me(), message: message.id, block, at: message.at })}`,
  });

  async function showWire(holder, message) {
    const drawn = page.view() === "slackview";
    const kind = drawn ? "slack" : page.view();
    const data = await api(`/api/view?${new URLSearchParams({ as: page.me(), message: message.id, kind })}`).catch(String);
    const text = typeof data === "string" ? data : JSON.stringify(data, null, 2);
    holder.replaceChildren(drawn && typeof data !== "string"
      ? drawSlack(data, presser(message), drawFiles(message.card, means(message)))
      : el("pre", { class: "wire", tabindex: "0" }, text));
    list.scrollTop = list.scrollHeight;
  }

  function body(message) {
    if (!message.card) return el("div", { class: "said" }, message.text);
    const holder = el("div", { class: "wide" });
    if (page.view() === "chat") holder.append(drawCard(message.card, means(message)));
    else showWire(holder, message);
    return holder;
  }

  function draw(message) {
    const name = page.nameOf(message.author);
    const meta = el("div", { class: "meta" }, el("b", {}, name), message.author === page.bot() && el("span", { class: "app" }, "APP"),
      el("time", { datetime: message.at }, hourOf(message)), message.private && el("span", {}, "Only you see this"));
    return el("li", { class: "message", id: message.id, tabindex: "-1", "data-day": dayOf(message) },
      avatar(message.author, name, page.bot()), meta, body(message));
  }

  function append(message) {
    const last = list.querySelector(".message:last-child");
    const item = draw(message);
    if (last?.dataset.day !== item.dataset.day) list.append(el("li", { class: "day" }, item.dataset.day));
    list.append(item);
    return item;
  }

  function empty() {
    const examples = page.examples().map((text) => el("button", { type: "button", onclick: () => page.type(text) }, text));
    return el("li", { class: "empty" }, el("b", {}, "Nothing here yet"),
      "Chat with the others, or ask @mentorbot. Answers about you are just for you; the weekly tip is for everyone.",
      ...examples);
  }

  function drawAll(messages) {
    list.replaceChildren();
    if (messages.length) messages.forEach(append);
    else list.append(empty());
    list.scrollTop = list.scrollHeight;
  }

  function receive(message) {
    const old = byId(message.id);
    const focused = old?.contains(document.activeElement);
    list.querySelector(".empty")?.remove();
    const item = old ? draw(message) : append(message);
    old?.replaceWith(item);
    if (focused) item.focus({ preventScroll: true });
    if (!old || item.getBoundingClientRect().top < list.getBoundingClientRect().top) {
      item.scrollIntoView({ block: message.card ? "start" : "end" });
    }
  }

  // An image loads after its card and makes it taller, so scroll again. Capture, because "load" doesn't bubble.
  list.addEventListener("load", (event) => {
    const item = event.target.closest(".message");
    if (item && item === list.lastElementChild) item.scrollIntoView({ block: "start" });
  }, true);

  return { drawAll, receive };
}
