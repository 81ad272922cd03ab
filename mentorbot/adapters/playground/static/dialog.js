// Forms, like modals in Slack. All fields are shown, even those of a form other platforms split into pages.
import { byId, el } from "./dom.js";
import { readText } from "./files.js";

// Read a file as soon as it's chosen, so people learn at once if it can't be used.
function fileControl(field, common) {
  const wrong = el("small", { id: `wrong-${field.name}`, class: "wrong", role: "alert" });
  const input = el("input", { ...common, type: "file", "aria-describedby": wrong.id });
  input.addEventListener("change", async () => {
    const problem = input.files.length ? await readText(input.files[0]).then(() => "", (error) => error.message) : "";
    input.setCustomValidity(problem);
    wrong.textContent = problem;
  });
  return [input, wrong];
}

function control(field) {
  const common = { id: `field-${field.name}`, name: field.name, required: field.required };
  if (field.input === "file") return fileControl(field, common);
  if (field.input === "choice") {
    const first = field.required ? [] : [el("option", { value: "" }, "—")];
    return [el("select", common, ...first, ...field.choices.map((choice) =>
      el("option", { value: choice.value, selected: choice.value === field.value }, choice.label)))];
  }
  const sized = { ...common, maxlength: field.max_length };
  if (field.input === "long_text") {
    const area = el("textarea", { ...sized, rows: 3 });
    area.value = field.value;
    return [area];
  }
  return [el("input", { ...sized, value: field.value })];
}

// The form's values; for a file, its text.
async function filled(body) {
  const texts = [...new FormData(body)].map(async ([name, value]) =>
    [name, typeof value === "string" ? value : value.name && await readText(value)]);
  return Object.fromEntries(await Promise.all(texts));
}

export function openForm(form, submit) {
  const dialog = byId("dialog");
  const fields = form.fields.map((field) => el("div", { class: "field" },
    el("label", { for: `field-${field.name}` }, field.label, !field.required && el("small", {}, "optional")),
    ...control(field), field.hint && el("small", {}, `For example: ${field.hint}`)));
  const body = el("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      const options = await filled(body).catch(() => null); // the field already shows the error
      if (!options || !body.isConnected) return;
      dialog.close();
      submit(form.line, options);
    },
  }, ...fields, el("div", { class: "end" },
    el("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
    el("button", { class: "primary" }, form.submit)));
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, form.title), body);
  dialog.showModal();
}
