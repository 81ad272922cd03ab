// Draws the Block Kit JSON Slack would get, closely enough to judge an answer by eye.
import { el } from "./dom.js";

const text = (object) => (object && object.text) || "";

function rich(element) {
  if (element.type === "rich_text_list") {
    return el(element.style === "ordered" ? "ol" : "ul", {}, ...element.elements.map((item) => el("li", {}, ...item.elements.map(piece))));
  }
  const tag = element.type === "rich_text_quote" ? "blockquote" : element.type === "rich_text_preformatted" ? "pre" : "div";
  return el(tag, { class: "rich" }, ...element.elements.map(piece));
}

function piece(part) {
  const style = part.style || {};
  if (part.type === "link") return el("u", {}, part.text || part.url);
  const words = { emoji: `:${part.name}:`, date: part.fallback, user: `@${part.user_id}` };
  let node = document.createTextNode(words[part.type] || part.text || "");
  if (style.code) node = el("code", {}, node);
  if (style.italic) node = el("em", {}, node);
  if (style.bold) node = el("strong", {}, node);
  return node;
}

function pressable(item, press) {
  return el("button", { type: "button", class: item.style || null, onclick: (event) => press(item.value, event.currentTarget) }, text(item.text));
}

function section(block, press) {
  const words = el("div", { class: "rich" }, text(block.text), ...(block.fields || []).map((field) => el("div", {}, text(field))));
  return block.accessory ? el("div", { class: "action-line" }, words, pressable(block.accessory, press)) : words;
}

function cell(item) {
  return item.type === "rich_text" ? item.elements.map(rich) : [text(item)];
}

function table(block) {
  const [heading, ...rows] = block.rows;
  return el("table", {}, el("tr", {}, ...heading.map((item) => el("th", {}, ...cell(item)))),
    ...rows.map((row) => el("tr", {}, ...row.map((item) => el("td", {}, ...cell(item))))));
}

const BLOCKS = {
  header: (block) => el("div", { class: "header" }, text(block.text)),
  section,
  context: (block) => el("div", { class: "context" }, ...block.elements.map((item) => el("span", {}, text(item), " "))),
  rich_text: (block) => el("div", {}, ...block.elements.map(rich)),
  table,
  divider: () => el("hr"),
  image: (block) => el("div", { class: "context" }, block.alt_text),
  actions: (block, press) => el("div", { class: "buttons" }, ...block.elements.map((item) => pressable(item, press))),
};

// `files` are the charts and documents, which Slack shows below the message.
export function drawSlack(messages, press, files) {
  const blocks = messages.flatMap((message) => message.blocks || []);
  const draw = (block) => (BLOCKS[block.type] || ((other) => el("div", { class: "context" }, `(${other.type})`)))(block, press);
  return el("div", { class: "slack" }, ...blocks.map(draw), files);
}
