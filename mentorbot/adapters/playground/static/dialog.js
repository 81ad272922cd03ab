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

const ISO = { date: /^\d{4}-\d\d-\d\d$/, time: /^\d\d:\d\d$/ };

function menu(field, common, choices) {
  const known = choices.some((choice) => choice.value === field.value);
  const first = field.required && known ? [] : [el("option", { value: "" }, "—")];
  return [el("select", common, ...first, ...choices.map((choice) =>
    el("option", { value: choice.value, selected: choice.value === field.value }, choice.label)))];
}

// Text with suggestions, because there are hundreds of zones and people search for theirs.
function zones(field, common) {
  const names = Intl.supportedValuesOf?.("timeZone") || [];
  return [el("input", { ...common, list: `list-${field.name}`, value: field.value }),
    el("datalist", { id: `list-${field.name}` }, ...names.map((name) => el("option", { value: name })))];
}

function control(field, room) {
  const common = { id: `field-${field.name}`, name: field.name, required: field.required };
  // A picker can only show a value in its own format. Any other stays text, so nothing is lost.
  const picker = ISO[field.input];
  if (picker && (!field.value || picker.test(field.value))) return [el("input", { ...common, type: field.input, value: field.value })];
  if (field.input === "zone") return zones(field, common);
  if (field.input === "people") return menu(field, common, room.people.map((person) => ({ value: person.id, label: person.name })));
  if (field.input === "channel") return menu(field, common, room.channels.map((id) => ({ value: id, label: `#${id}` })));
  if (field.input === "file") return fileControl(field, common);
  if (field.input === "choices") {
    const chosen = field.value.split(/\s*,\s*/);
    return [el("fieldset", { id: `field-${field.name}`, class: "choices" }, ...field.choices.map((choice) =>
      el("label", {}, el("input", { type: "checkbox", name: field.name, value: choice.value,
        checked: chosen.includes(choice.value) }), choice.label)))];
  }
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

// The form's values; for a file, its text, and for several boxes with one name, the values of those ticked.
async function filled(body) {
  const data = new FormData(body);
  const texts = [...new Set(data.keys())].map(async (name) => {
    const [value] = data.getAll(name);
    return [name, typeof value === "string" ? data.getAll(name).join(",") : value.name && await readText(value)];
  });
  return Object.fromEntries(await Promise.all(texts));
}

// Show an error at its field, or at the end of the form, and keep everything that was entered.
function showError(body, { field, text }) {
  body.querySelectorAll(".problem").forEach((problem) => problem.remove());
  body.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
  const named = field && body.elements[field];
  const input = named instanceof RadioNodeList ? named[0] : named;
  const problem = el("small", { class: "wrong problem", role: "alert", id: "problem" }, text);
  if (!input) return body.querySelector(".end").before(problem);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", problem.id);
  input.closest(".field").append(problem);
  input.focus();
}

// `submit` sends the values, and returns the server's answer. `room` has the people and channels to choose from.
export function openForm(form, room, submit) {
  const dialog = byId("dialog");
  const fields = form.fields.map((field) => {
    const controls = control(field, room);
    const typed = controls[0].matches("textarea, input:not([type])");
    return el("div", { class: "field" },
      el("label", { for: `field-${field.name}` }, field.label, !field.required && el("small", {}, "optional")),
      ...controls, typed && field.hint && el("small", {}, `For example: ${field.hint}`));
  });
  const body = el("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      const options = await filled(body).catch(() => null); // the field already shows the error
      if (!options || !body.isConnected) return;
      const answer = await submit(form.line, options).catch((error) => ({ error: { field: "", text: error.message } }));
      if (!body.isConnected) return;
      if (answer.error) showError(body, answer.error);
      else if (!answer.form) dialog.close();
    },
  }, ...fields, el("div", { class: "end" },
    el("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
    el("button", { class: "primary" }, form.submit)));
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, form.title), body);
  dialog.showModal();
}
