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
  let node = document.createTextNode(part.text || part.url || part.name || "");
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

const BLOCKS = {
  header: (block) => el("div", { class: "header" }, text(block.text)),
  section,
  context: (block) => el("div", { class: "context" }, ...block.elements.map((item) => el("span", {}, text(item), " "))),
  rich_text: (block) => el("div", {}, ...block.elements.map(rich)),
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
