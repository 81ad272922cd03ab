// Forms: what Slack calls a modal.
import { byId, el } from "./dom.js";

function control(field) {
  const common = { id: `field-${field.name}`, name: field.name, required: field.required };
  if (field.input === "choice") {
    const first = field.required ? [] : [el("option", { value: "" }, "—")];
    return el("select", common, ...first, ...field.choices.map((choice) =>
      el("option", { value: choice.value, selected: choice.value === field.value }, choice.label)));
  }
  const sized = { ...common, maxlength: field.max_length };
  if (field.input === "long_text") {
    const area = el("textarea", { ...sized, rows: 3 });
    area.value = field.value;
    return area;
  }
  return el("input", { ...sized, value: field.value });
}

export function openForm(form, submit) {
  const dialog = byId("dialog");
  const fields = form.fields.map((field) => el("div", { class: "field" },
    el("label", { for: `field-${field.name}` }, field.label, !field.required && el("small", {}, "optional")),
    control(field), field.hint && el("small", {}, `For example: ${field.hint}`)));
  const body = el("form", {
    onsubmit: (event) => {
      event.preventDefault();
      dialog.close();
      submit(form.line, Object.fromEntries(new FormData(body)));
    },
  }, ...fields, el("div", { class: "end" },
    el("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
    el("button", { class: "primary" }, form.submit)));
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, form.title), body);
  dialog.showModal();
}
