// Files in a message: images in place, others as a card.

import { el, icon } from "./dom.js";
import { size } from "./upload.js";
import { world } from "./world.js";

const DRAWABLE = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "image/bmp"]);

export function drawFiles(files) {
  return el("div", { class: "files" }, ...files.map(drawFile));
}

function drawFile(file) {
  if (file.mode === "tombstone") return el("p", { class: "quiet" }, "This file was deleted.");
  const address = `/control/file?${new URLSearchParams({ user: world.me, file: file.id })}`;
  const title = file.title || file.name;
  if (DRAWABLE.has(file.mimetype)) {
    const image = el("img", { src: address, alt: file.alt_txt || title, loading: "lazy" });
    const link = el("a", { href: address, target: "_blank", rel: "noopener" }, image);
    return el("figure", { class: "shared-picture" }, el("figcaption", { class: "quiet", dir: "auto" }, title), link);
  }
  const kind = (file.filetype || "file").toUpperCase();
  return el("a", { class: "file", href: address, target: "_blank", rel: "noopener", download: file.name },
    icon("M5 2h7l4 4v12H5zM12 2v4h4"),
    el("span", { class: "file-words" }, el("b", { dir: "auto" }, title), el("span", { class: "quiet" }, `${kind}, ${size(file.size)}`)));
}
