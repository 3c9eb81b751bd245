// file_input: files are uploaded as soon as they are chosen, and sent by their ids.

import { el } from "../dom.js";
import { post } from "../server.js";
import { base64 } from "../upload.js";
import { fieldOf } from "./field.js";

export function drawFileInput(element, block, surface, names) {
  const field = fieldOf(element, block, surface, names);
  const most = element.max_files ?? 10;
  const accept = element.filetypes?.length ? element.filetypes.map((kind) => `.${kind}`).join(",") : null;
  const input = el("input", { type: "file", multiple: most > 1, accept, ...field.names });
  const list = el("ul", { class: "file-list" });
  const trouble = el("div", { class: "field-error", role: "alert" });
  const state = { files: [...(field.held() ?? [])] };

  function show() {
    list.replaceChildren(...state.files.map((file) => {
      const name = file.name ?? file.title ?? file.id ?? file;
      const remove = el("button", { type: "button", class: "link", "aria-label": `Remove ${name}`, on: { click: () => keep(state.files.filter((each) => each !== file)) } }, "×");
      return el("li", {}, el("span", { "aria-hidden": "true" }, "📄 "), name, " ", remove);
    }));
  }

  function keep(files) {
    state.files = files;
    field.keep(files.map((file) => file.id ?? file), files);
    show();
  }

  input.addEventListener("change", async () => {
    trouble.textContent = "";
    const chosen = [...input.files];
    if (state.files.length + chosen.length > most) {
      trouble.textContent = `At most ${most} ${most === 1 ? "file" : "files"}.`;
      return;
    }
    input.setAttribute("aria-busy", "true");
    try {
      for (const file of chosen) keep([...state.files, await upload(file, surface.me)]);
    } catch (error) {
      trouble.textContent = error.message;
    }
    input.removeAttribute("aria-busy");
    input.value = "";
  });
  show();
  field.stands(input);
  return el("div", { class: "file-input" }, input, list, trouble);
}

async function upload(file, user) {
  const content = await base64(file);
  const answer = await post("upload", { user, filename: file.name, content });
  const made = answer.file ?? answer;
  return typeof made === "string" ? { id: made, name: file.name } : { name: file.name, ...made };
}
