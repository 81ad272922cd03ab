// Draws a card from its JSON.
import { el } from "./dom.js";
import { documentLink, picture } from "./files.js";

function spans(words) {
  return words.map((span) => {
    let node = document.createTextNode(span.text);
    if (span.code) node = el("code", {}, node);
    if (span.italic) node = el("em", {}, node);
    if (span.bold) node = el("strong", {}, node);
    return node;
  });
}

function facts(block) {
  return el("dl", {}, ...block.rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, ...spans(value))]));
}

// On a phone, a row becomes a list, and each cell says the name of its column.
function table(block) {
  const row = (cells) => el("tr", {}, ...cells.map((cell, index) => el("td", { "data-name": block.columns[index] }, ...spans(cell))));
  return el("table", {}, el("thead", {}, el("tr", {}, ...block.columns.map((column) => el("th", { scope: "col" }, column)))),
    el("tbody", {}, ...block.rows.map(row)));
}

function pressable(button, press) {
  return el("button", { type: "button", class: button.style === "plain" ? null : button.style,
    onclick: (event) => press(button.line, event.currentTarget) }, button.label);
}

function buttons(block, { press }) {
  return el("div", { class: "buttons" }, ...block.buttons.map((button) => pressable(button, press)));
}

function actionLine(block, { press }) {
  return el("div", { class: "action-line" }, el("span", {}, ...spans(block.words)), pressable(block.button, press));
}

const BLOCKS = {
  paragraph: (block) => el("p", {}, ...spans(block.words)),
  heading: (block) => el("h4", {}, block.text),
  bullets: (block) => el(block.numbered ? "ol" : "ul", {}, ...block.items.map((item) => el("li", {}, ...spans(item)))),
  facts,
  table,
  note: (block) => el("p", { class: "note" }, ...spans(block.words)),
  divider: () => el("hr"),
  buttons,
  action_line: actionLine,
  picture: (block, { address }, place) => picture(block, address("picture", place)),
  document: (block, { address }, place) => documentLink(block, address("document", place)),
};

// `means` has press(line, button) and address(kind, index of a block).
export function drawCard(card, means) {
  return el("article", { class: card.error ? "card wrong" : "card" }, el("h3", {}, card.title),
    ...card.blocks.map((block, place) => BLOCKS[block.kind](block, means, place)));
}

// The charts and documents shown below a message.
export function drawFiles(card, means) {
  const files = card.blocks.map((block, place) => ["picture", "document"].includes(block.kind) && BLOCKS[block.kind](block, means, place)).filter(Boolean);
  return files.length ? el("div", { class: "files" }, ...files) : null;
}
