// data_visualization: a picture of the numbers, and the numbers themselves.

import { el } from "../dom.js";
import { cannotDraw, newId } from "../drawing.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, TOP, FOOT] = [480, 240, 44, 12, 34];
const KINDS = new Set(["pie", "bar", "line", "area"]);

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

// Draw a chart with its title, its legend, and a table of what it shows.
export function drawChart(block) {
  const { chart } = block;
  if (!KINDS.has(chart?.type)) return cannotDraw(`data_visualization ${chart?.type}`);
  const title = el("figcaption", { id: newId("chart") }, block.title);
  const shown = chart.type === "pie" ? pie(chart) : plot(chart);
  shown.setAttribute("role", "img");
  shown.setAttribute("aria-labelledby", title.id);
  const names = chart.type === "pie" ? chart.segments.map(({ label }) => label) : chart.series.map(({ name }) => name);
  const keys = names.map((name, index) => el("li", {}, el("span", { class: `swatch series-${index % 6}` }), name));
  const figures = el("details", {}, el("summary", {}, "Show the figures"), numbers(chart, block.title));
  return el("figure", { class: "block block-chart" }, title, shown, el("ul", { class: "legend" }, keys), figures);
}

function numbers(chart, title) {
  const [heads, rows] =
    chart.type === "pie"
      ? [["", "Value"], chart.segments.map(({ label, value }) => [label, value])]
      : [["", ...chart.series.map(({ name }) => name)], labelsOf(chart).map((label) => [label, ...chart.series.map((one) => valueAt(one, label) ?? "–")])];
  const head = heads.map((name) => (name ? el("th", { scope: "col" }, name) : el("td")));
  const body = rows.map(([label, ...values]) => el("tr", {}, el("th", { scope: "row" }, label), values.map((value) => el("td", {}, String(value)))));
  return el("table", { "aria-label": title }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body));
}

function labelsOf(chart) {
  return chart.axis_config?.categories ?? [...new Set(chart.series.flatMap(({ data }) => data.map(({ label }) => label)))];
}

function valueAt(series, label) {
  return series.data.find((point) => point.label === label)?.value;
}

function pie({ segments }) {
  const total = segments.reduce((sum, { value }) => sum + Math.max(0, value), 0) || 1;
  const drawing = svg("svg", { viewBox: "-110 -110 220 220", class: "chart chart-pie" });
  let turned = -Math.PI / 2;
  segments.forEach(({ value }, index) => {
    const end = turned + (2 * Math.PI * Math.max(0, value)) / total;
    const at = (angle) => `${(100 * Math.cos(angle)).toFixed(2)} ${(100 * Math.sin(angle)).toFixed(2)}`;
    const whole = end - turned > 2 * Math.PI - 0.001;
    const path = `M 0 0 L ${at(turned)} A 100 100 0 ${end - turned > Math.PI ? 1 : 0} 1 ${at(end)} Z`;
    const look = { class: `series-${index % 6}` };
    drawing.append(whole ? svg("circle", { r: 100, ...look }) : svg("path", { d: path, ...look }));
    turned = end;
  });
  return drawing;
}

function plot(chart) {
  const labels = labelsOf(chart);
  const values = chart.series.flatMap(({ data }) => data.map(({ value }) => value));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const scale = (HEIGHT - TOP - FOOT) / (high - low || 1);
  const y = (value) => HEIGHT - FOOT - (value - low) * scale;
  const step = (WIDTH - LEFT) / Math.max(1, labels.length);
  const place = { labels, step, y, x: (index) => LEFT + step * (index + 0.5), base: y(0) };
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart" }, ...axes(chart, place, [low, high]));
  chart.series.forEach((series, index) => drawing.append(...SHAPES[chart.type](series, index, chart.series.length, place)));
  return drawing;
}

function axes(chart, { labels, x, y }, [low, high]) {
  const lines = [...new Set([low, (low + high) / 2, high])].flatMap((value) => [
    svg("line", { x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value), class: "grid" }),
    svg("text", { x: LEFT - 6, y: y(value) + 4, class: "tick tick-y" }, shortly(value)),
  ]);
  const every = Math.ceil(labels.length / 8);
  const names = labels.map((label, index) => (index % every ? "" : svg("text", { x: x(index), y: HEIGHT - 18, class: "tick" }, label)));
  const { x_label: across, y_label: up } = chart.axis_config ?? {};
  const said = [across, up].filter(Boolean).join(" / ");
  return [...lines, ...names, svg("text", { x: (LEFT + WIDTH) / 2, y: HEIGHT - 3, class: "tick axis" }, said)].filter(Boolean);
}

function shortly(value) {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

const SHAPES = {
  bar(series, index, count, { labels, x, y, step, base }) {
    const width = (step * 0.7) / count;
    return labels.map((label, at) => {
      const top = y(valueAt(series, label) ?? 0);
      const left = x(at) - step * 0.35 + width * index;
      const size = { x: left, y: Math.min(top, base), width, height: Math.abs(base - top) };
      return svg("rect", { ...size, class: `series-${index % 6}` });
    });
  },
  line(series, index, _count, place) {
    return [svg("polyline", { points: points(series, place), class: `stroke-${index % 6}` })];
  },
  area(series, index, _count, place) {
    const { labels, x, base } = place;
    const outline = `${x(0)},${base} ${points(series, place)} ${x(labels.length - 1)},${base}`;
    return [svg("polygon", { points: outline, class: `series-${index % 6} area` })];
  },
};

function points(series, { labels, x, y }) {
  return labels.map((label, at) => `${x(at)},${y(valueAt(series, label) ?? 0)}`).join(" ");
}
