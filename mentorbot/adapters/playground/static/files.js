// Charts and documents of a message, and file fields of a form.
import { el } from "./dom.js";

const MAX_FILE = 1_000_000;

function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

// If the chart can't be drawn, show its alt text.
export function picture(block, address) {
  const image = el("img", { src: address, alt: block.alt, width: 540 });
  image.addEventListener("error", () => image.replaceWith(el("p", { class: "note" }, block.alt)));
  return el("figure", { class: "picture" }, image);
}

export function documentLink(block, address) {
  const size = sizeOf(new TextEncoder().encode(block.text).length);
  return el("p", {}, el("a", { class: "document", href: address, download: block.name },
    el("span", { class: "mark", "aria-hidden": "true" }, "↓"), el("span", {}, block.name), el("small", {}, size)));
}

// Read the text of a chosen file; throws an error that says what to do instead.
export async function readText(file) {
  if (file.size > MAX_FILE) throw new Error(`“${file.name}” is ${sizeOf(file.size)}, and I can take up to ${sizeOf(MAX_FILE)}. Choose a smaller one.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(`“${file.name}” isn't text I can read. Save it as UTF-8 text, e.g. as CSV, and choose it again.`);
  }
}
