// A message's text as its author typed it, from what is kept of it.

import { world } from "./world.js";

const PIECE = /<([@#!])([^<>|]+)(?:\|([^<>]*))?>|<([^<>|]+)(?:\|[^<>]*)?>|&(amp|lt|gt);/g;
const SIGNS = { amp: "&", lt: "<", gt: ">" };

export function typed(text) {
  return text.replace(PIECE, (whole, sign, name, label, link, entity) => {
    if (entity) return SIGNS[entity];
    if (link) return link.replace(/^mailto:/, "").replace(PIECE, (_, ...parts) => SIGNS[parts[4]] ?? _);
    if (sign === "@") return `@${world.person(name).name}`;
    if (sign === "#") return `#${world.channel(name)?.name ?? label ?? name}`;
    if (name.startsWith("subteam^")) return `@${world.group(name.slice(8))?.handle ?? label ?? name}`;
    return ["here", "channel", "everyone"].includes(name) ? `@${name}` : whole;
  });
}
