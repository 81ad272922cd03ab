// The message box: slash-command completion as an ARIA combobox.
import { api, byId, el } from "./dom.js";

export function startComposer(where, send) {
  const input = byId("composer-input");
  const list = byId("offers");
  let offers = [];
  let chosen = -1;
  let asked = 0;
  let pending = null;

  function close() {
    asked += 1;
    pending = null;
    offers = [];
    chosen = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    chosen = index;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", `offer-${index}`);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function take(index) {
    input.value = offers[index].text;
    input.focus();
    refresh();
  }

  function show(found) {
    offers = found;
    chosen = -1;
    list.replaceChildren(...found.map((offer, index) => el("li", {
      id: `offer-${index}`, role: "option", "aria-selected": "false",
      onmousedown: (event) => { event.preventDefault(); take(index); },
    }, el("b", {}, offer.label), el("span", {}, offer.about))));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
  }

  async function look(text, number) {
    const found = await api(`/api/complete?${new URLSearchParams({ ...where(), text })}`).catch(() => []);
    if (number !== asked) return;
    pending = null;
    show(found);
  }

  function refresh() {
    asked += 1;
    if (!input.value.startsWith("/")) return close();
    choose(-1);
    pending = look(input.value, asked);
  }

  // A fast typist presses Tab before the completions for the last letter have arrived.
  async function takeFirst() {
    while (pending) await pending;
    if (offers.length) take(Math.max(chosen, 0));
  }

  // While new completions are loading, don't choose an outdated one.
  async function move(step) {
    while (pending) await pending;
    if (offers.length) choose((chosen + step + offers.length + (chosen < 0 && step < 0 ? 1 : 0)) % offers.length);
  }

  input.addEventListener("input", refresh);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden && !pending) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      move(step);
    } else if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      takeFirst();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === "Escape") {
      close();
    }
  });
  byId("composer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value;
    if (!text.trim()) return;
    input.value = "";
    close();
    await send(text).catch(() => { input.value = text; });
  });

  return {
    type(text) {
      input.value = text;
      input.focus();
      refresh();
    },
  };
}
