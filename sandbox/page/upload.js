// Files from the person's own machine.

import { el } from "./dom.js";
import { askFor } from "./form.js";
import { post } from "./server.js";
import { world } from "./world.js";

const LARGEST = 20 * 1024 ** 2;

// Let somebody choose files.
export function chooseFiles(take) {
  const input = el("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files to upload" });
  input.addEventListener("change", () => { take([...input.files]); input.remove(); });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

// Ask how each file is called and described, and share it in a conversation.
export async function uploadFiles(files, { channel, thread }) {
  for (const file of files) {
    const isImage = file.type.startsWith("image/");
    const done = await askFor({
      title: "Upload a file",
      intro: el("p", { class: "quiet", dir: "auto" }, `${file.name}, ${size(file.size)}`),
      confirm: "Upload",
      fields: [
        { name: "title", label: "Title", value: file.name, required: true },
        ...(isImage ? [{ name: "alt_text", label: "Description", hint: "For those who do not see the image" }] : []),
        { name: "text", label: "Message", kind: "long" },
      ],
      act: async (values) => post("upload", {
        user: world.me, channel, filename: file.name, content: await base64(file), ...values, ...(thread ? { thread_ts: thread } : {}),
      }),
    });
    if (!done) return;
  }
}

// A file's content as it travels.
export async function base64(file) {
  if (file.size > LARGEST) throw new Error(`${file.name} is too large: ${size(file.size)}, and at most ${size(LARGEST)} can be uploaded.`);
  const address = await new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });
  return address.slice(address.indexOf(",") + 1);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
