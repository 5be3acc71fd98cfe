// Line charts of what the edge measures. Each `figure[data-chart]` names its source and its unit; charts of
// one source share a request. Drawn as SVG with attributes and classes only: the policy of the pages
// forbids styles anywhere else.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 176;
const LEFT = 4;
const BOTTOM = 22;
const TOP = 8;
const SECONDS = 4;

const sizes = ["B", "KiB", "MiB", "GiB", "TiB"];
const minute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const plain = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

function bytes(value) {
  let unit = 0;
  let size = value;
  while (size >= 1024 && unit < sizes.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${sizes[unit]}`;
}

const formats = {
  BYTES_PER_SECOND: (value) => `${bytes(value)}/s`,
  PER_SECOND: (value) => `${plain.format(value)}/s`,
  COUNT: (value) => plain.format(Math.round(value)),
  MILLISECONDS: (value) => `${plain.format(value)} ms`,
};

/** The next round figure, so that the scale stays while values move a little. */
function ceiling(value, binary) {
  if (value <= 0) {
    return 1;
  }
  const base = binary ? 1024 ** Math.floor(Math.log(value) / Math.log(1024)) : 1;
  const scaled = value / base;
  const power = 10 ** Math.floor(Math.log10(scaled));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= scaled);
  return step * power * base;
}

function element(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  if (text !== undefined) {
    node.textContent = text;
  }
  return node;
}

class Chart {
  constructor(figure) {
    this.figure = figure;
    this.format = formats[figure.dataset.chart];
    this.binary = figure.dataset.chart === "BYTES_PER_SECOND";
    this.names = [...figure.querySelectorAll("[data-series]")].map((item) => item.dataset.series);
    this.outputs = [...figure.querySelectorAll("output")];
    this.plot = figure.querySelector(".plot");
    this.cursor = null;
  }

  /** Takes new values; missing ones are null. */
  show({ at, step, series }) {
    this.at = at;
    this.step = step;
    this.values = this.names.map((name) => series[name] ?? []);
    this.length = Math.max(2, ...this.values.map((list) => list.length));
    this.figure.classList.remove("stale");
    this.draw();
  }

  draw() {
    if (!this.values) {
      return;
    }
    this.width = Math.max(240, this.plot.clientWidth || WIDTH);
    const known = this.values.flat().filter((value) => value !== null);
    // Counts have no halves: what is written beside the middle line is one.
    const least = this.figure.dataset.chart === "COUNT" ? 2 : 0;
    this.top = ceiling(Math.max(least, ...known), this.binary);
    const svg = this.svg ?? this.begin();
    svg.setAttribute("viewBox", `0 0 ${this.width} ${HEIGHT}`);
    svg.replaceChildren(...this.rules(), ...this.lines(), ...this.times(), ...this.cursorLine());
    this.tell(this.cursor ?? this.length - 1);
  }

  begin() {
    this.svg = element("svg", { role: "img", tabindex: "0" });
    this.svg.setAttribute("aria-label", `${this.figure.querySelector("h2").textContent}, chart. Arrow keys read values.`);
    this.svg.addEventListener("pointermove", (event) => this.point(event));
    this.svg.addEventListener("pointerleave", () => this.move(null));
    this.svg.addEventListener("blur", () => this.move(null));
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.plot.replaceChildren(this.svg);
    return this.svg;
  }

  x(index) {
    return LEFT + (index * (this.width - LEFT * 2)) / (this.length - 1);
  }

  y(value) {
    return HEIGHT - BOTTOM - (value / this.top) * (HEIGHT - BOTTOM - TOP);
  }

  rules() {
    return [0, 0.5, 1].flatMap((part) => {
      const y = this.y(this.top * part);
      const rule = element("line", { class: "rule", x1: 0, x2: this.width, y1: y, y2: y });
      const tick = element("text", { class: "tick", x: 2, y: y - 4 }, part === 0 ? "" : this.format(this.top * part));
      return [rule, tick];
    });
  }

  lines() {
    return this.values.flatMap((list, number) =>
      runs(list).flatMap(({ start, run }) => {
        const offset = this.length - list.length + start;
        const path = run.map((value, i) => `${i === 0 ? "M" : "L"}${this.x(offset + i).toFixed(1)} ${this.y(value).toFixed(1)}`).join("");
        const ground = this.y(0);
        const area = `${path}L${this.x(offset + run.length - 1).toFixed(1)} ${ground}L${this.x(offset).toFixed(1)} ${ground}z`;
        return [element("path", { class: `area s${number}`, d: area }), element("path", { class: `line s${number}`, d: path })];
      }));
  }

  times() {
    const first = this.at - (this.length - 1) * this.step;
    const ends = [
      element("text", { class: "tick", x: 2, y: HEIGHT - 4 }, minute.format(first)),
      element("text", { class: "tick", x: this.width - 2, y: HEIGHT - 4, "text-anchor": "end" }, minute.format(this.at)),
    ];
    const part = this.cursor === null ? 0.5 : this.cursor / (this.length - 1);
    return part < 0.25 ? ends.slice(1) : part > 0.75 ? ends.slice(0, 1) : ends;
  }

  cursorLine() {
    if (this.cursor === null) {
      return [];
    }
    const x = this.x(this.cursor);
    const anchor = x > this.width * 0.75 ? "end" : x < this.width * 0.25 ? "start" : "middle";
    return [
      element("line", { class: "cursor", x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM }),
      element("text", { class: "tick", x, y: HEIGHT - 4, "text-anchor": anchor }, clock.format(this.at - (this.length - 1 - this.cursor) * this.step)),
    ];
  }

  /** Writes the values at an index into the legend. */
  tell(index) {
    this.outputs.forEach((output, number) => {
      const list = this.values[number];
      const value = list[index - (this.length - list.length)];
      output.textContent = value === undefined || value === null ? "–" : this.format(value);
    });
  }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    this.move(Math.round(part * (this.length - 1)));
  }

  key(event) {
    const now = this.cursor ?? this.length - 1;
    const next = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: this.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.move(next);
    } else if (event.key === "Escape") {
      this.move(null);
    }
  }

  move(index) {
    this.cursor = index === null ? null : Math.max(0, Math.min(this.length - 1, index));
    this.draw();
  }
}

/** Stretches without a gap. */
function runs(list) {
  const found = [];
  list.forEach((value, index) => {
    if (value === null) {
      return;
    }
    const last = found.at(-1);
    if (last && last.start + last.run.length === index) {
      last.run.push(value);
    } else {
      found.push({ start: index, run: [value] });
    }
  });
  return found;
}

const charts = [...document.querySelectorAll("figure[data-chart]")].map((figure) => new Chart(figure));
const sources = Map.groupBy
  ? Map.groupBy(charts, (chart) => chart.figure.dataset.src)
  : charts.reduce((map, chart) => map.set(chart.figure.dataset.src, [...(map.get(chart.figure.dataset.src) ?? []), chart]), new Map());

async function follow(source, group) {
  if (!document.hidden) {
    try {
      const answer = await fetch(source, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error" });
      if (!answer.ok) {
        throw new Error(`status ${answer.status}`);
      }
      const values = await answer.json();
      group.forEach((chart) => chart.show(values));
    } catch {
      group.forEach((chart) => chart.figure.classList.add("stale"));
    }
  }
  setTimeout(() => follow(source, group), 1000 * SECONDS);
}

for (const [source, group] of sources) {
  follow(source, group);
}
addEventListener("resize", () => charts.forEach((chart) => chart.draw()));
