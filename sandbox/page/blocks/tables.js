// table and data_table.

import { el } from "../dom.js";
import { cannotDraw } from "../drawing.js";
import { drawElement } from "./elements.js";
import { drawRichText } from "./rich.js";

const ROWS_AT_ONCE = 5;

// Draw a table; its first row names the columns.
export function drawTable(block, surface) {
  const settings = block.column_settings ?? [];
  const [first = [], ...rest] = block.rows ?? [];
  const cells = (row, tag) => row.map((cell, column) => drawCell(cell, tag, settings[column], surface));
  const table = el(
    "table",
    {},
    el("thead", {}, el("tr", {}, cells(first, "th"))),
    el("tbody", {}, rest.map((row) => el("tr", {}, cells(row, "td")))),
  );
  return scrolled(table, "Table");
}

function drawCell(cell, tag, setting, surface, attributes = {}) {
  const align = setting?.align ?? (cell.type === "raw_number" ? "right" : "left");
  const wrapped = setting?.is_wrapped ? " wrapped" : "";
  const scope = tag === "th" ? { scope: "col" } : {};
  return el(tag, { class: `align-${align}${wrapped}`, dir: "auto", ...scope, ...attributes }, content(cell, surface));
}

function content(cell, surface) {
  switch (cell.type) {
    case "raw_text":
      return cell.text;
    case "raw_number":
      return cell.text ?? String(cell.value ?? cell.number ?? "");
    case "rich_text":
      return drawRichText(cell, surface.world);
    case "button":
      return drawElement(cell, {}, surface);
    case "action":
      return (cell.elements ?? [cell.element]).map((element) => drawElement(element, {}, surface));
    default:
      return cannotDraw(cell.type);
  }
}

function scrolled(table, name, ...more) {
  const box = el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": name }, table);
  return el("div", { class: "block block-table" }, box, ...more);
}

// Draw a data_table: a caption, columns to sort by, and pages.
export function drawDataTable(block, surface) {
  const [header = [], ...data] = block.rows ?? [];
  const size = block.page_size ?? ROWS_AT_ONCE;
  const shown = { rows: data, page: 0, column: null, falling: false };
  const body = el("tbody");
  const heads = header.map((cell, column) => sortable(content(cell, surface), () => sort(column)));
  const table = el("table", {}, el("caption", {}, block.caption), el("thead", {}, el("tr", {}, heads)), body);
  const count = el("span", { role: "status" });
  const [back, on] = [pageButton("Previous page", "‹", -1), pageButton("Next page", "›", 1)];
  const pages = Math.max(1, Math.ceil(data.length / size));

  function pageButton(name, sign, step) {
    const turn = () => { shown.page += step; show(); };
    return el("button", { type: "button", class: "button small", "aria-label": name, on: { click: turn } }, sign);
  }

  function sort(column) {
    shown.falling = shown.column === column && !shown.falling;
    shown.column = column;
    shown.page = 0;
    const sign = shown.falling ? -1 : 1;
    shown.rows = [...data].sort((a, b) => sign * compare(a[column], b[column]));
    heads.forEach((head, index) => {
      head.setAttribute("aria-sort", index !== column ? "none" : shown.falling ? "descending" : "ascending");
    });
    show();
  }

  function show() {
    const from = shown.page * size;
    const rows = shown.rows.slice(from, from + size);
    body.replaceChildren(...rows.map((row) => el("tr", {}, row.map((cell, column) => drawBodyCell(cell, column)))));
    count.textContent = `${data.length ? from + 1 : 0} to ${from + rows.length} of ${data.length}`;
    back.disabled = shown.page === 0;
    on.disabled = shown.page >= pages - 1;
  }

  function drawBodyCell(cell, column) {
    const names = column === (block.row_header_column_index ?? 0);
    return drawCell(cell, names ? "th" : "td", null, surface, names ? { scope: "row" } : {});
  }

  show();
  const turning = pages > 1 ? el("div", { class: "table-pages" }, back, count, on) : null;
  return scrolled(table, block.caption, turning);
}

function sortable(words, sort) {
  const button = el("button", { type: "button", class: "sort", on: { click: sort } }, words);
  return el("th", { scope: "col", "aria-sort": "none" }, button);
}

function compare(a, b) {
  const [one, other] = [a, b].map((cell) => cell?.value ?? cell?.number ?? plainly(cell));
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}

function plainly(value) {
  if (Array.isArray(value)) return value.map(plainly).join("");
  if (!value || typeof value !== "object") return "";
  return (typeof value.text === "string" ? value.text : "") + plainly(value.elements);
}
