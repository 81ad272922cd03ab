// Charts as SVG: lines, or columns side by side. They're redrawn for each width, so text keeps its size.
import { el, svg } from "./dom.js";

const HEIGHT = 270;
const EDGE = { top: 26, right: 30, bottom: 30, left: 42 };
const LETTER = 7.2;
const MOST = 5;

export const figure = (value) => value.toLocaleString("en-GB", { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 });
const withUnit = (chart, value) => (chart.unit === "%" ? `${figure(value)}%` : [figure(value), chart.unit].filter(Boolean).join(" "));
const known = (values) => values.map((value, index) => ({ value, index })).filter((point) => point.value != null);
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function marksOf(chart) {
  const values = chart.series.flatMap((series) => series.values).filter((value) => value != null);
  const high = Math.max(chart.high || 0, ...values) || 1;
  const rough = high / MOST;
  const power = 10 ** Math.floor(Math.log10(rough));
  const whole = values.every(Number.isInteger);
  const sizes = [1, 2, 2.5, 5, 10, 20, 50, 100].map((factor) => factor * power);
  const step = sizes.find((size) => size >= rough && (!whole || Number.isInteger(size))) || high;
  return Array.from({ length: Math.ceil(high / step - 1e-9) + 1 }, (_, index) => index * step);
}

// Scales: the x of a label, the y of a value.
function placesOf(chart, width) {
  const marks = marksOf(chart);
  const band = (width - EDGE.left - EDGE.right) / Math.max(1, chart.labels.length);
  const floor = HEIGHT - EDGE.bottom;
  return { width, marks, band, floor, x: (index) => EDGE.left + (index + 0.5) * band,
    y: (value) => floor - (value / marks.at(-1)) * (floor - EDGE.top) };
}

function ground(chart, at) {
  const rows = at.marks.map((mark) => svg("g", {}, svg("line", { x1: EDGE.left, x2: at.width - 4, y1: at.y(mark), y2: at.y(mark) }),
    svg("text", { x: EDGE.left - 8, y: at.y(mark) + 4, "text-anchor": "end" }, figure(mark))));
  const names = chart.labels.map((label) => cut(label, 12));
  const step = Math.max(1, Math.ceil((Math.max(0, ...names.map((name) => name.length)) + 2) * LETTER / at.band));
  const labels = names.map((name, index) => index % step === 0 && svg("text", { x: at.x(index), y: HEIGHT - 8, "text-anchor": "middle" }, name));
  return svg("g", { class: "ground" }, svg("text", { x: 0, y: 12 }, cut(chart.unit, 30)), ...rows, ...labels);
}

function line(series, at) {
  const points = known(series.values);
  const place = ({ index, value }) => `${at.x(index).toFixed(1)} ${at.y(value).toFixed(1)}`;
  const follows = (point) => series.values[point.index - 1] != null;
  const path = points.map((point) => `${follows(point) ? "L" : "M"}${place(point)}`).join("");
  const runs = points.reduce((all, point) => (follows(point) ? all.at(-1).push(point) : all.push([point])) && all, []);
  const area = runs.map((run) => `M${at.x(run[0].index)} ${at.floor}${run.map((point) => `L${place(point)}`).join("")}L${at.x(run.at(-1).index)} ${at.floor}Z`).join("");
  return svg("g", { class: series.tone }, series.tone === "main" && svg("path", { class: "area", d: area }), svg("path", { class: "line", d: path }));
}

function dots(chart, series, at) {
  const points = known(series.values);
  return svg("g", { class: series.tone }, ...points.map((point) => {
    const alone = series.values[point.index - 1] == null && series.values[point.index + 1] == null; // a lone point has no line, only a dot
    const shown = alone || (point === points.at(-1) && series.tone === "main");
    return svg("circle", { class: shown ? "dot" : "spot", cx: at.x(point.index), cy: at.y(point.value), r: shown ? 5 : 9 },
      svg("title", {}, `${series.name}, ${chart.labels[point.index]}: ${withUnit(chart, point.value)}`));
  }));
}

// The last value of each line; a label that would overlap another is left out.
function ends(chart, at) {
  const taken = [];
  return [...chart.series].sort((one) => (one.tone === "main" ? -1 : 1)).map((series) => {
    const last = known(series.values).at(-1);
    if (!last) return null;
    const [x, y] = [at.x(last.index), at.y(last.value) - 10];
    if (taken.some((other) => Math.abs(other[0] - x) < 40 && Math.abs(other[1] - y) < 16)) return null;
    taken.push([x, y]);
    return svg("text", { class: `figure ${series.tone}`, x, y, "text-anchor": "middle" }, figure(last.value));
  });
}

function columns(chart, series, place, at) {
  const wide = Math.min(44, (at.band * 0.72) / chart.series.length);
  const points = known(series.values);
  return svg("g", { class: series.tone }, ...points.map(({ index, value }) => {
    const left = at.x(index) + (place - chart.series.length / 2) * wide;
    return svg("g", {}, svg("rect", { x: left + 1, y: at.y(value), width: Math.max(1, wide - 2), height: Math.max(0, at.floor - at.y(value)), rx: 3 },
      svg("title", {}, `${series.name}, ${chart.labels[index]}: ${withUnit(chart, value)}`)),
    wide > 22 && svg("text", { class: `figure ${series.tone}`, x: left + wide / 2, y: at.y(value) - 6, "text-anchor": "middle" }, figure(value)));
  }));
}

function draw(chart, width, label) {
  const at = placesOf(chart, width);
  const drawn = chart.shape === "bars"
    ? chart.series.map((series, place) => columns(chart, series, place, at))
    : [...chart.series.map((series) => line(series, at)), ...chart.series.map((series) => dots(chart, series, at)), ...ends(chart, at)];
  return svg("svg", { role: "img", "aria-label": label, viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT }, ground(chart, at), ...drawn);
}

// The chart in words, one sentence per series, for screen readers.
function summary(chart) {
  return chart.series.map((series) => {
    const last = known(series.values).at(-1);
    return last ? `${series.name}: ${withUnit(chart, last.value)} at ${chart.labels[last.index]}.` : `${series.name}: nothing yet.`;
  }).join(" ");
}

function table(chart) {
  const head = el("tr", {}, el("td"), ...chart.series.map((series) => el("th", { scope: "col" }, series.name)));
  const rows = chart.labels.map((label, index) => el("tr", {}, el("th", { scope: "row" }, label),
    ...chart.series.map((series) => el("td", {}, series.values[index] == null ? "–" : withUnit(chart, series.values[index])))));
  return el("details", {}, el("summary", {}, "Show the figures"), el("div", { class: "scroll", tabindex: "0" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows))));
}

export function drawChart(chart, title) {
  const holder = el("div", { class: "plot" });
  const legend = chart.series.length > 1 && el("ul", { class: "legend" }, ...chart.series.map((series) => el("li", { class: series.tone }, series.name)));
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0) holder.replaceChildren(draw(chart, width, `${title}. ${summary(chart)}`));
  }).observe(holder);
  return el("figure", { class: "chart" }, legend, holder, table(chart));
}
