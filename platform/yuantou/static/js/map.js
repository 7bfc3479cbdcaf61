// Colours the counties on the map that folium made: geometry once, values as they are asked for.

const frame = document.querySelector("[data-map]");
const form = document.querySelector("[data-map-form]");
const panel = document.querySelector("[data-map-panel]");
const overview = panel.innerHTML;
const words = JSON.parse(frame.dataset.words);
const css = getComputedStyle(document.documentElement);
const colour = (name) => css.getPropertyValue(`--${name}`).trim();
const map = window.map_counties;
let current = JSON.parse(frame.dataset.first);
let chosen = null;
let counties = null;

function decode(topology) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
  const ring = (numbers) => numbers.flatMap((n, i) => {
    const points = n < 0 ? arcs[~n].slice().reverse() : arcs[n];
    return i ? points.slice(1) : points;
  });
  const shape = (g) => g.type === "Polygon" ? g.arcs.map(ring) : g.arcs.map((part) => part.map(ring));
  return topology.objects.counties.geometries.map((g) => ({
    type: "Feature", id: g.id, properties: { ...g.properties, id: g.id },
    geometry: { type: g.type, coordinates: shape(g) },
  }));
}

// One class alone stands in the middle of the scale: the lightest would look like no data.
function shade(level) {
  return colour(`seq-${current.labels.length === 1 ? 4 : level + 1}`);
}

function look(feature) {
  const [level, , cluster] = current.of[feature.properties.id] ?? [-2, "", ""];
  const picked = feature.properties.id === chosen;
  return {
    fillColor: level === -2 ? colour("paper") : level < 0 ? colour("nodata") : shade(level),
    fillOpacity: 1, color: picked ? colour("ink-900") : cluster ? colour(cluster) : level === -2 ? colour("line-strong") : colour("map-line"),
    weight: picked ? 3 : cluster ? 2.5 : 1, className: cluster ? `spot ${cluster}` : "",
  };
}

function hatch() {
  const svg = frame.querySelector("svg.leaflet-zoom-animated");
  if (!svg) return;
  const space = "http://www.w3.org/2000/svg";
  let group = svg.querySelector("g[data-hatch]");
  if (!group) {
    const defs = svg.appendChild(document.createElementNS(space, "defs"));
    for (const kind of ["hot-99", "hot-95", "cold-95", "cold-99"]) {
      const pattern = defs.appendChild(document.createElementNS(space, "pattern"));
      const set = { id: `hatch-${kind}`, width: 7, height: 7, patternUnits: "userSpaceOnUse",
        patternTransform: `rotate(${kind.startsWith("hot") ? 45 : -45})` };
      for (const [name, value] of Object.entries(set)) pattern.setAttribute(name, value);
      const line = pattern.appendChild(document.createElementNS(space, "line"));
      const draw = { x1: 0, y1: 0, x2: 0, y2: 7, stroke: colour(kind), "stroke-width": kind.endsWith("99") ? 3.2 : 2 };
      for (const [name, value] of Object.entries(draw)) line.setAttribute(name, value);
    }
    group = svg.querySelector("g").appendChild(document.createElementNS(space, "g"));
    group.dataset.hatch = "";
    group.setAttribute("pointer-events", "none");
  }
  group.replaceChildren();
  counties.eachLayer((layer) => {
    const cluster = current.of[layer.feature.properties.id]?.[2];
    const path = layer.getElement();
    if (!cluster || !path) return;
    const over = group.appendChild(document.createElementNS(space, "path"));
    over.setAttribute("d", path.getAttribute("d"));
    over.setAttribute("fill", `url(#hatch-${cluster})`);
    over.setAttribute("fill-rule", "evenodd");
  });
}

function paint() {
  counties.setStyle(look);
  counties.eachLayer((layer) => {
    const { id, name } = layer.feature.properties;
    const seen = current.of[id];
    layer.setTooltipContent(`${name} ${seen ? (seen[1] === "—" ? words.missing : seen[1]) : words.outside}`);
  });
  hatch();
}

function legend() {
  document.querySelector("[data-legend-title]").textContent = current.title;
  document.querySelector("[data-legend-sub]").textContent = `${current.unit} · ${current.period}`;
  const list = document.querySelector("[data-legend-classes]");
  const missing = list.lastElementChild;
  const sample = missing.querySelector("svg");
  list.replaceChildren(...current.labels.map((label, i) => {
    const row = document.createElement("li");
    const swatch = sample.cloneNode(false);
    const box = swatch.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
    for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: shade(i) })) box.setAttribute(name, value);
    const text = Object.assign(document.createElement("span"), { textContent: label });
    const count = Object.assign(document.createElement("span"), { textContent: current.counts[i], className: "n" });
    row.append(swatch, text, count);
    return row;
  }), missing);
  document.querySelector("[data-legend-missing]").textContent = current.missing;
  for (const cell of document.querySelectorAll("[data-legend-cluster]")) {
    cell.textContent = current.clusters[cell.dataset.legendCluster] ?? 0;
  }
}

function query() {
  return new URLSearchParams(new FormData(form)).toString();
}

async function open(code) {
  chosen = code;
  paint();
  const address = frame.dataset.county.replace("CODE", code);
  const answer = await fetch(`${address}?${query()}&fragment=1`);
  if (!answer.ok) { window.location = `${address}?${query()}`; return; }
  panel.innerHTML = await answer.text();
  panel.focus({ preventScroll: window.innerWidth > 1099 });
}

function close() {
  chosen = null;
  panel.innerHTML = overview;
  paint();
}

panel.addEventListener("click", (event) => {
  const link = event.target.closest("[data-county-link]");
  if (link) { event.preventDefault(); open(link.dataset.countyLink); }
  if (event.target.closest("[data-panel-close]")) { event.preventDefault(); close(); }
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(`${frame.dataset.values}?${query()}`);
  if (!answer.ok) { form.submit(); return; }
  current = await answer.json();
  history.replaceState(null, "", `?${query()}`);
  for (const link of document.querySelectorAll("[data-map-file]")) link.search = query();
  legend();
  paint();
  if (chosen) open(chosen);
});
for (const select of form.querySelectorAll("select")) {
  select.addEventListener("change", () => form.requestSubmit());
}

const topology = await (await fetch(frame.dataset.geometry)).json();
counties = window.L.geoJSON(decode(topology), {
  renderer: window.L.svg({ padding: 1 }),
  style: look,
  onEachFeature: (feature, layer) => {
    layer.bindTooltip("", { sticky: true });
    if (feature.properties.id in current.of) layer.on("click", () => open(feature.properties.id));
  },
}).addTo(map);
/* Leaflet's tooltips make every shape a stop of the Tab key; by keys, counties are opened from the table. */
counties.eachLayer((layer) => layer.getElement()?.setAttribute("tabindex", "-1"));
const cities = JSON.parse(frame.dataset.cities);
const extents = {};
counties.eachLayer((layer) => {
  const { city } = layer.feature.properties;
  (extents[city] ??= window.L.latLngBounds([])).extend(layer.getBounds().getCenter());
});
for (const [city, extent] of Object.entries(extents)) {
  if (!cities[city]) continue;
  window.L.tooltip({ permanent: true, direction: "center", className: "map-city", interactive: false })
    .setLatLng(extent.getCenter()).setContent(cities[city]).addTo(map);
}
const [west, south, east, north] = JSON.parse(frame.dataset.bounds);
const wide = frame.clientWidth > 700;
const own = window.L.latLngBounds([]);
counties.eachLayer((layer) => layer.feature.properties.id in current.of && own.extend(layer.getBounds()));
const whole = window.L.latLngBounds([[south, west], [north, east]]);
map.fitBounds(current.outside && own.isValid() ? own.pad(0.6) : whole, { paddingTopLeft: [wide ? 230 : 8, 8], paddingBottomRight: [8, 8] });
map.on("moveend zoomend viewreset", () => requestAnimationFrame(hatch));
paint();
frame.dataset.ready = "";
