// <!date^...>: a moment in the zone of whoever looks.

import { el } from "../dom.js";
import { followable, unescape } from "../drawing.js";

const DAY = 86_400_000;
const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60]];

// Draw the target "!date^seconds^format^link", or its fallback if there is no such moment.
export function drawDate(target, fallback, world) {
  const [, seconds, format, address] = target.split("^");
  return drawMoment(Number(seconds), unescape(format ?? ""), { address, fallback: unescape(fallback ?? ""), world });
}

export function drawMoment(seconds, format, { address, fallback, world }) {
  const moment = new Date(seconds * 1000);
  if (!format || Number.isNaN(moment.getTime())) return document.createTextNode(fallback || "");
  const now = new Date(world?.now?.() ?? Date.now());
  const shown = format.replace(/\{(\w+)\}/g, (token, name, at) => {
    const said = TOKENS[name]?.(moment, now);
    if (said === undefined) return token;
    return at === 0 ? said : uncapitalised(said, name);
  });
  const time = el("time", { datetime: moment.toISOString(), title: inFull(moment) }, shown);
  const href = address ? followable(unescape(address)) : null;
  return href === null ? time : el("a", { href, target: "_blank", rel: "noopener noreferrer" }, time);
}

// A moment with its date, time and zone in full.
function inFull(moment) {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" }).format(moment);
}

function uncapitalised(said, name) {
  return name.endsWith("_pretty") ? said.replace(/^(Today|Yesterday|Tomorrow)/, (day) => day.toLowerCase()) : said;
}

const english = (options) => (moment) => new Intl.DateTimeFormat("en-US", options).format(moment);
const two = (number) => String(number).padStart(2, "0");
const local = (options) => (moment) => new Intl.DateTimeFormat(undefined, options).format(moment);

function ordinal(day) {
  const teen = day % 100 > 10 && day % 100 < 14;
  return `${day}${teen ? "th" : ["th", "st", "nd", "rd"][day % 10] ?? "th"}`;
}

function date(moment) {
  return `${english({ month: "long" })(moment)} ${ordinal(moment.getDate())}, ${moment.getFullYear()}`;
}

const short = english({ month: "short", day: "numeric", year: "numeric" });
const long = (moment) => `${english({ weekday: "long" })(moment)}, ${date(moment)}`;

function pretty(otherwise) {
  return (moment, now) => {
    const days = Math.round((midnight(moment) - midnight(now)) / DAY);
    return { 0: "Today", 1: "Tomorrow", [-1]: "Yesterday" }[days] ?? otherwise(moment);
  };
}

function midnight(moment) {
  return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
}

function ago(moment, now) {
  const seconds = Math.round((moment - now) / 1000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  return unit ? words.format(Math.trunc(seconds / unit[1]), unit[0]) : words.format(seconds, "second");
}

const TOKENS = {
  date_num: (moment) => `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`,
  date_slash: (moment) => `${two(moment.getMonth() + 1)}/${two(moment.getDate())}/${moment.getFullYear()}`,
  date,
  date_short: short,
  date_long: long,
  date_pretty: pretty(date),
  date_short_pretty: pretty(short),
  date_long_pretty: pretty(long),
  time: local({ hour: "numeric", minute: "2-digit" }),
  time_secs: local({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};
