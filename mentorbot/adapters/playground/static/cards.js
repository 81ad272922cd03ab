// Draws a card from its JSON.
import { el } from "./dom.js";

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

function buttons(block, press) {
  return el("div", { class: "buttons" }, ...block.buttons.map((button) =>
    el("button", { type: "button", class: button.style === "plain" ? null : button.style, title: `/mentor ${button.line}`,
      onclick: (event) => press(button.line, event.currentTarget) }, button.label)));
}

const BLOCKS = {
  paragraph: (block) => el("p", {}, ...spans(block.words)),
  heading: (block) => el("h4", {}, block.text),
  bullets: (block) => el(block.numbered ? "ol" : "ul", {}, ...block.items.map((item) => el("li", {}, ...spans(item)))),
  facts,
  note: (block) => el("p", { class: "note" }, ...spans(block.words)),
  divider: () => el("hr"),
  buttons,
  picture: (block) => el("p", { class: "note" }, block.alt),
  document: (block) => el("p", { class: "note" }, block.name),
};

export function drawCard(card, press) {
  return el("article", { class: card.error ? "card wrong" : "card" }, el("h3", {}, card.title), ...card.blocks.map((block) => BLOCKS[block.kind](block, press)));
}
