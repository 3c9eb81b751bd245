// Pictures: those of this machine are shown, all others are only told of, since nothing is fetched from elsewhere.

import { el } from "../dom.js";
import { link } from "../drawing.js";

const HERE = new Set(["127.0.0.1", "localhost"]);

// Draw an image element, or what stands for it if its picture is not of this machine.
export function drawImage(image, surface, attributes = {}) {
  const address = sourceOf(image, surface);
  const alt = image.alt_text ?? "";
  if (address === null) {
    const elsewhere = image.image_url ?? image.slack_file?.url ?? image.slack_file?.id ?? "";
    return attributes.class?.includes("card-icon") ? sign(alt, elsewhere) : placeholder(alt, elsewhere);
  }
  const picture = el("img", { src: address, alt, title: alt, loading: "lazy", class: "picture", ...attributes });
  picture.addEventListener("error", () => picture.replaceWith(placeholder(alt, address)), { once: true });
  return picture;
}

function sourceOf(image, surface) {
  const file = image.slack_file?.id ?? fileOf(image.slack_file?.url);
  if (file) return `/control/file?${new URLSearchParams({ user: surface.me, file })}`;
  return fromHere(image.image_url) ? image.image_url : null;
}

function fileOf(address) {
  return address?.match(/\/files\/(?:[^/]+\/)*?(F[A-Z0-9]+)/)?.[1];
}

function fromHere(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:"].includes(url.protocol) && HERE.has(url.hostname);
  } catch {
    return false;
  }
}

// Where there is no room for words.
function sign(alt, address) {
  const attributes = { class: "picture-elsewhere card-icon", role: "img", "aria-label": `Picture: ${alt}` };
  return el("span", { ...attributes, title: `${alt} (not fetched: ${address})` }, el("span", { "aria-hidden": "true" }, "🖼"));
}

function placeholder(alt, address) {
  return el(
    "span",
    { class: "picture-elsewhere", role: "img", "aria-label": `Picture: ${alt}` },
    el("span", { "aria-hidden": "true" }, "🖼 "),
    el("span", {}, alt),
    address ? el("span", { class: "address" }, ` (not fetched: ${address})`) : null,
  );
}

// Draw an image block, with its title.
export function drawImageBlock(block, surface, title) {
  const caption = title ? el("figcaption", {}, title) : null;
  return el("figure", { class: "block block-image" }, caption, drawImage(block, surface));
}

// Draw what stands for a video, which would have to be fetched.
export function drawVideo(block, title, description) {
  const about = [block.provider_name, block.author_name].filter(Boolean).join(" · ");
  return el(
    "div",
    { class: "block block-video" },
    el("div", { class: "video-about" }, about),
    el("div", { class: "video-title" }, link(block.title_url ?? block.video_url, title)),
    description ? el("div", {}, description) : null,
    el(
      "div",
      { class: "picture-elsewhere", role: "img", "aria-label": `Video: ${block.alt_text}` },
      el("span", { "aria-hidden": "true" }, "▶ "),
      `${block.alt_text} `,
      el("span", { class: "address" }, `(not fetched: ${block.video_url})`),
    ),
  );
}
