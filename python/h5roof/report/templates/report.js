"use strict";
(() => {
  const data = JSON.parse(document.getElementById("details").textContent);
  const byId = (id) => document.getElementById(id);

  // ---- theme: that of the system until the button is used
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  const apply = () => { root.dataset.theme = chosen || (system.matches ? "dark" : "light"); };
  system.addEventListener("change", apply);
  byId("theme").addEventListener("click", () => { chosen = root.dataset.theme === "dark" ? "light" : "dark"; apply(); });
  apply();

  // ---- a compressed CSV is handed out unpacked where the browser can
  const link = byId("csv");
  if (link.download.endsWith(".gz") && "DecompressionStream" in window) {
    const packed = link.href;
    const unpack = async (event) => {
      event.preventDefault();
      const bytes = Uint8Array.from(atob(packed.slice(packed.indexOf(",") + 1)), (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      const url = URL.createObjectURL(new Blob([await new Response(stream).arrayBuffer()], { type: "text/csv" }));
      link.removeEventListener("click", unpack);
      link.href = url;
      link.download = "results.csv";
      link.click();
    };
    link.addEventListener("click", unpack);
  }

  const table = byId("table");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((tr, i) => {
    const cell = (name) => tr.querySelector(".c-" + name).textContent.trim();
    const reps = data.rows[i];
    const number = (text) => { const v = parseFloat(text); return Number.isNaN(v) ? null : v; };
    const [value, low, high] = reps.value;
    const share = cell("eff").startsWith("below") ? 0 : number(cell("eff"));
    const notes = reps.notes.map((n) => n[0]);
    return {
      tr, i, notes, case: cell("case"), operation: cell("op"), measure: reps.measure, value, low, high,
      width: low === null ? null : (high - low) / value,
      efficiency: share, n: number(cell("n")), factors: reps.factors,
      text: [cell("case"), cell("op"), ...notes, ...reps.factors.map((f, k) => data.factors[k] + "=" + f)].join("\n").toLowerCase(),
      detail: null,
    };
  });

  // ---- filter
  const search = byId("search"), clear = byId("clear"), count = byId("count"), nothing = byId("nothing");
  const selects = [...document.querySelectorAll("select[data-filter]")];
  const tests = {
    operation: (row, value) => row.operation === value,
    factor: (row, value, select) => row.factors[+select.dataset.index] === value.slice(1),
    note: (row, value) => value === "?" ? row.notes.length > 0 : value === "-" ? row.notes.length === 0 : row.notes.includes(value.slice(1)),
  };
  const MOST = 300; // rows that are laid out at once; more on request, since thousands are slow to show
  const more = byId("more");
  let order = rows, limit = MOST;
  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = selects.filter((s) => s.value !== "*");
    let shown = 0;
    for (const row of order) {
      const match = words.every((w) => row.text.includes(w)) && active.every((s) => tests[s.dataset.filter](row, s.value, s));
      shown += match;
      const keep = match && shown <= limit;
      row.tr.hidden = !keep;
      if (row.detail) row.detail.hidden = !keep || row.tr.querySelector(".open").getAttribute("aria-expanded") !== "true";
    }
    for (const s of selects) s.classList.toggle("set", s.value !== "*");
    count.textContent = `${shown} of ${rows.length} results`;
    nothing.hidden = shown > 0;
    more.hidden = shown <= limit;
    more.textContent = `Show all ${shown}, not only the first ${limit}`;
    clear.disabled = words.length + active.length === 0;
  }
  search.addEventListener("input", filter);
  for (const s of selects) s.addEventListener("change", filter);
  more.addEventListener("click", () => { limit = Infinity; filter(); });
  const reset = () => { search.value = ""; for (const s of selects) s.value = "*"; };
  clear.addEventListener("click", () => { reset(); filter(); });
  for (const button of document.querySelectorAll(".show")) {
    button.addEventListener("click", () => {
      reset();
      document.querySelector('select[data-filter="note"]').value = "=" + button.dataset.note;
      filter();
      byId("cases").scrollIntoView();
    });
  }

  filter();

  // ---- sort: empty cells last in either direction; equal ones stay in the order of the suite
  const names = new Intl.Collator("en", { numeric: true });
  function sort(th, key) {
    const up = th.getAttribute("aria-sort") === "descending" || (!th.hasAttribute("aria-sort") && ["case", "operation"].includes(key));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = (row) => key === "notes" ? row.notes.length : row[key];
    order = [...rows].sort((a, b) => {
      const x = value(a), y = value(b);
      if (x === null || y === null) return (x === null) - (y === null) || a.i - b.i;
      if (key === "value" && a.measure !== b.measure) return a.measure - b.measure; // units do not mix
      const by = typeof x === "string" ? names.compare(x, y) : x - y;
      return (up ? by : -by) || a.i - b.i;
    });
    const fragment = document.createDocumentFragment();
    for (const row of order) { fragment.append(row.tr); if (row.detail) fragment.append(row.detail); }
    filter();
    body.append(fragment);
  }
  for (const button of table.tHead.querySelectorAll("button[data-sort]")) {
    button.addEventListener("click", () => sort(button.parentElement, button.dataset.sort));
  }

  // ---- details of a case
  const make = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [k, v] of Object.entries(attributes || {})) node.setAttribute(k, v);
    node.append(...children);
    return node;
  };
  const drawn = (tag, attributes, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const digits = (v) => v === 0 ? "0" : Math.abs(v) >= 100 ? v.toFixed(0) : String(+v.toPrecision(3));
  const scaled = (v, scales, last) => {
    for (const [scale, unit] of scales) if (v >= scale) return digits(v / scale) + unit;
    return last(v);
  };
  const seconds = (v) => v === 0 ? "0 s" : scaled(v, [[1, " s"], [1e-3, " ms"], [1e-6, " µs"]], () => `${digits(v * 1e9)} ns`);
  const grouped = (v) => Number.isInteger(v) ? String(v).replace(/\B(?=(\d{3})+$)/g, "\u202f") : digits(v);

  // in the order of the measures: MiB/s, objects/s, time
  const texts = [(v) => grouped(+v.toPrecision(6)), (v) => scaled(v, [[1e6, "M"], [1e3, "k"]], digits), seconds];

  function ticks(top) {
    const raw = top / 4, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw);
    return Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, k) => k * step);
  }

  // The repetitions in the order in which they ran, from zero, with the median and its interval.
  function chart(row) {
    const points = data.rows[row.i].repetitions.filter((p) => p[1] !== null);
    if (!points.length) return make("p", { class: "small" }, "No repetition has a value.");
    const unit = data.units[data.rows[row.i].measure], text = texts[data.rows[row.i].measure];
    const [W, H, L, B, T, R] = [460, 170, 52, 30, 8, 10];
    const top = Math.max(...points.map((p) => p[1])) * 1.08 || 1;
    const x = (k) => L + 14 + (points.length > 1 ? k * (W - L - R - 28) / (points.length - 1) : (W - L - R - 28) / 2);
    const y = (v) => T + (H - T - B) * (1 - v / top);
    const svg = drawn("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": "each repetition in order of execution" });
    for (const v of ticks(top)) {
      svg.append(drawn("line", { x1: L, x2: W - R, y1: y(v), y2: y(v), stroke: "var(--line)" }));
      svg.append(drawn("text", { x: L - 6, y: y(v) + 4, "text-anchor": "end" }, text(v)));
    }
    if (row.low !== null) svg.append(drawn("rect", { x: L, width: W - L - R, y: y(row.high), height: Math.max(1, y(row.low) - y(row.high)), fill: "var(--bar)", opacity: 0.25 }));
    if (row.value !== null) svg.append(drawn("line", { x1: L, x2: W - R, y1: y(row.value), y2: y(row.value), stroke: "var(--accent)", "stroke-width": 1.2 }));
    points.forEach((p, k) => {
      const look = [{ fill: "var(--accent)" }, { fill: "var(--paper)", stroke: "var(--soft)", "stroke-width": 1.3 }, { fill: "var(--bad)" }][p[2]];
      const dot = drawn("circle", { cx: x(k), cy: y(p[1]), r: points.length > 60 ? 2 : 3.4, class: "repetition", ...look });
      const block = p[0] === null ? "" : `block ${p[0]}: `;
      dot.append(drawn("title", {}, `${block}${text(p[1])} ${unit}${["", ", warm-up", ", left out"][p[2]]}`));
      svg.append(dot);
    });
    svg.append(drawn("text", { x: L, y: H - 8 }, `${points.length} repetitions in order; open: warm-up`));
    svg.append(drawn("text", { x: W - R, y: H - 8, "text-anchor": "end" }, "line: median, band: 95 %"));
    return svg;
  }

  function list(heading, lines) {
    const values = make("table", {}, make("thead", {}, make("tr", {}, ...heading.map((h, k) => make("th", k ? { class: "value" } : {}, h)))));
    values.append(make("tbody", {}, ...lines.map((line) => make("tr", {}, ...line.map((c, k) => make("td", k ? { class: "value" } : {}, c))))));
    return values;
  }
  const pane = (title, content, wide) => make("div", wide ? { class: "wide" } : {}, make("h3", {}, title), ...[].concat(content));

  function factText(name, value) {
    if (typeof value !== "number") return String(value);
    if (name.endsWith("_s")) return seconds(value);
    return grouped(value);
  }

  function build(row) {
    const found = data.rows[row.i];
    const panes = make("div", { class: "panes" });
    if (found.notes.length) {
      panes.append(pane("What is noteworthy", found.notes.map(([name, text]) =>
        make("p", { class: "meaning" }, make("b", {}, `${text[0].toUpperCase()}${text.slice(1)}. `), make("span", {}, data.explanations[name] || ""), " ", make("code", {}, name))), true));
    }
    if (found.reason && !found.notes.length) panes.append(pane("Reason", make("p", {}, found.reason), true));
    panes.append(pane(`Repetitions, ${data.units[found.measure] || "time"}`, chart(row)));
    if (found.phases.length) {
      panes.append(pane("Phases: median over the repetitions", list(["phase", "fastest rank", "median rank", "slowest rank"], found.phases.map(([n, ...t]) => [n, ...t.map(seconds)]))));
    }
    panes.append(pane("Sizes, transfers and counters", list(["", ""], Object.entries(found.facts).map(([k, v]) => [k, factText(k, v)]))));
    if (found.factors.length) panes.append(pane("Factors that differ between the cases", list(["", ""], found.factors.map((v, k) => [data.factors[k], v || "(none)"]))));
    panes.append(pane("To measure it again", make("code", { class: "command" }, found.command), true));
    const detail = make("tr", { class: "detail" }, make("td", { colspan: 7 }, panes));
    row.tr.after(detail);
    return detail;
  }
  body.addEventListener("click", (event) => {
    const tr = event.target.closest(".row");
    if (!tr || String(getSelection())) return;
    const row = rows[+tr.dataset.i], button = tr.querySelector(".open");
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", open);
    row.detail = row.detail || build(row);
    row.detail.hidden = !open;
  });
})();
