// The map room: one or two maps that folium made, their colours, the panel beside them, the address.

const parts = JSON.parse(document.querySelector('[data-map-script]').dataset.parts);
const [shapes, time] = await Promise.all([import(parts.shapes), import(parts.time)]);
const box = document.querySelector('[data-room]');
const room = JSON.parse(box.dataset.room);
const panel = document.querySelector('[data-map-panel]');
const query = new URLSearchParams(room.query);
let overview = panel.innerHTML;
let chosen = null;
let show = room.level === 'county' ? room.show : 'ground';

const names = room.beside ? ['counties', 'beside'] : ['counties'];
const maps = names.map((name) => ({
  name, map: window[`map_${name}`], frame: document.querySelector(`[data-map="${name}"]`),
  values: name === 'beside' ? room.beside : room.values, known: {}, layer: null,
}));

function paint(one) {
  one.layer.eachLayer((shape) => {
    const { id, name } = shape.feature.properties;
    const seen = one.known[id] ?? { level: -2, words: '', spot: '' };
    shape.setStyle(shapes.look(one.values, seen, id === chosen, show));
    const words = seen.level === -2 ? room.words.outside : seen.words || room.words.missing;
    shape.setTooltipContent(shapes.said(`${name} ${words}`));
    if (shape.getElement()?.hasAttribute('role')) shape.getElement().setAttribute('aria-label', `${name} ${words}`);
  });
  hatch(one);
}

const hatch = (one) => shapes.overlay(one.map, one.layer, one.known, show, `hatch-${one.name}`);

// The most crowded city once more, larger: it shows what the first map shows.
const inset = { name: 'inset', map: null, values: room.values, known: {}, layer: null };

function enlarge(features) {
  const place = document.querySelector('[data-inset]');
  if (!room.inset || !place || !place.clientWidth) return;
  const [west, south, east, north] = room.inset.bounds;
  inset.map = window.L.map(place, { zoomControl: false, attributionControl: false, dragging: false, keyboard: false,
    scrollWheelZoom: false, doubleClickZoom: false, touchZoom: false, boxZoom: false, zoomSnap: 0 });
  inset.map.fitBounds([[south, west], [north, east]]);
  inset.known = maps[0].known;
  inset.layer = window.L.geoJSON(features, {
    renderer: window.L.svg({ padding: 0 }),
    onEachFeature: (feature, shape) => {
      shape.bindTooltip('', { sticky: true });
      if ((maps[0].known[feature.id]?.level ?? -2) !== -2) shape.on('click', () => open(feature.id));
    },
  }).addTo(inset.map);
  inset.layer.eachLayer((shape) => shape.getElement()?.setAttribute('tabindex', '-1'));
  place.querySelector('.leaflet-container')?.setAttribute('tabindex', '-1');
  place.setAttribute('tabindex', '-1');
  paint(inset);
}

function paintAll() {
  maps.forEach(paint);
  if (inset.layer) paint(inset);
}

function take(one, values) {
  one.values = values;
  one.known = shapes.spread(values, room.order);
  paint(one);
  if (one === maps[0] && inset.layer) { inset.values = values; inset.known = one.known; paint(inset); }
  if (room.level === 'county') shapes.legend(document.querySelector(`[data-legend="${one.name}"]`), values);
  const caption = one.frame.querySelector('[data-caption]');
  if (caption) caption.textContent = values.period;
}

function address() {
  history.replaceState(null, '', `?${query}`);
  for (const link of document.querySelectorAll('[data-follow]')) link.search = query;
  for (const link of document.querySelectorAll('.segments a, .map-chooser a')) {
    const own = new URLSearchParams(link.search);
    for (const name of ['since', 'until']) own.set(name, query.get(name));
    link.search = own;
  }
}

async function fetched(path, extra) {
  const asked = new URLSearchParams(query);
  asked.set('fragment', '1');
  const answer = await fetch(`${path}?${asked}${extra ?? ''}`);
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
}

async function open(code) {
  chosen = code;
  paintAll();
  const path = room.addresses.county.replace('CODE', code);
  try {
    panel.innerHTML = await fetched(path);
  } catch {
    window.location = `${path}?${query}`;
    return;
  }
  panel.focus({ preventScroll: window.innerWidth > 1099 });
}

function close() {
  chosen = null;
  panel.innerHTML = overview;
  paintAll();
}

// The table follows the months when they rest: playing asks for colours alone.
let resting = null;
function rest() {
  clearTimeout(resting);
  resting = setTimeout(async () => {
    try {
      overview = await fetched(room.addresses.table);
      await places();
      if (chosen) open(chosen); else panel.innerHTML = overview;
    } catch { /* the next rest asks again */ }
  }, 500);
}

panel.addEventListener('click', (event) => {
  const link = event.target.closest('[data-county-link]');
  if (link) { event.preventDefault(); open(link.dataset.countyLink); }
  if (event.target.closest('[data-panel-close]')) { event.preventDefault(); close(); }
});

for (const link of document.querySelectorAll('.segments a[data-show]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    show = link.dataset.show;
    for (const other of link.parentElement.children) other.toggleAttribute('aria-current', other === link);
    link.setAttribute('aria-current', 'true');
    if (show === 'both') query.delete('show'); else query.set('show', show);
    address();
    paintAll();
  });
}

for (const field of document.querySelectorAll('[data-map-form] > .pick select, [data-map-form] > .check input')) {
  field.addEventListener('change', () => field.form.requestSubmit());
}
for (const field of document.querySelectorAll('[data-find-in]')) {
  field.addEventListener('input', () => {
    for (const link of field.parentElement.querySelectorAll('a')) link.hidden = !link.textContent.includes(field.value.trim());
    for (const group of field.parentElement.querySelectorAll('[role=group]')) group.hidden = !group.querySelector('a:not([hidden])');
  });
  field.addEventListener('keydown', (event) => {
    const first = field.parentElement.querySelector('a:not([hidden])');
    if (event.key === 'Enter' && first) { event.preventDefault(); first.click(); }
  });
}

for (const button of document.querySelectorAll('[data-without]')) button.hidden = true;

function cities(one) {
  const extents = {};
  one.layer.eachLayer((shape) => {
    const { city } = shape.feature.properties;
    (extents[city] ??= window.L.latLngBounds([])).extend(shape.getBounds().getCenter());
  });
  for (const [city, extent] of Object.entries(extents)) {
    if (!room.cities[city]) continue;
    window.L.tooltip({ permanent: true, direction: 'center', className: 'map-city', interactive: false })
      .setLatLng(extent.getCenter()).setContent(shapes.said(room.cities[city])).addTo(one.map);
  }
}

// By keys every county is a stop of its own; Enter opens it. The table says the same in order.
function reachable(one) {
  one.layer.eachLayer((shape) => {
    const path = shape.getElement();
    const { id } = shape.feature.properties;
    if (!path || (one.known[id]?.level ?? -2) === -2) return;
    path.setAttribute('tabindex', one.name === 'counties' ? '0' : '-1');
    path.setAttribute('role', 'button');
    path.dataset.county = id;
    path.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); open(id); }
    });
  });
}

function extent(one) {
  const within = window.L.latLngBounds([]);
  const seen = window.L.latLngBounds([]);
  one.layer.eachLayer((shape) => {
    const { id, city } = shape.feature.properties;
    if ((one.known[id]?.level ?? -2) !== -2) seen.extend(shape.getBounds());
    if (room.area && (id === room.area || city === room.area)) within.extend(shape.getBounds());
  });
  if (within.isValid()) return within;
  const [west, south, east, north] = room.bounds;
  const some = Object.values(one.known).some((each) => each.level === -2);
  return some && seen.isValid() ? seen.pad(.3) : window.L.latLngBounds([[south, west], [north, east]]);
}

const topology = await (await fetch(room.addresses.geometry)).json();
const features = shapes.decode(topology);
for (const one of maps) {
  one.known = shapes.spread(one.values, room.order);
  one.layer = window.L.geoJSON(features, {
    renderer: window.L.svg({ padding: 1 }),
    onEachFeature: (feature, shape) => {
      shape.bindTooltip('', { sticky: true });
      if ((one.known[feature.id]?.level ?? -2) !== -2) shape.on('click', () => open(feature.id));
    },
  }).addTo(one.map);
  one.layer.eachLayer((shape) => shape.getElement()?.setAttribute('tabindex', '-1'));
  cities(one);
  reachable(one);
  const wide = one.frame.clientWidth > 700;
  one.map.invalidateSize({ animate: false });
  one.map.fitBounds(extent(one), { paddingTopLeft: [wide ? 230 : 8, 8], paddingBottomRight: [8, 8] });
  one.map.on('moveend zoomend viewreset', () => requestAnimationFrame(() => hatch(one)));
  paint(one);
}

enlarge(features);

// Two maps move as one.
let moving = false;
for (const one of maps) {
  one.map.on('move', () => {
    if (moving) return;
    moving = true;
    for (const other of maps) if (other !== one) other.map.setView(one.map.getCenter(), one.map.getZoom(), { animate: false });
    moving = false;
  });
}

// Townships and matters lie above the counties, and are asked for anew when the months rest.
const heat = document.querySelector('[data-heat]');
let above = [];

async function places() {
  if (room.level === 'county') return;
  const made = await import(parts.places);
  const answer = await fetch(`${room.addresses.places}?${query}`);
  const sent = answer.ok ? await answer.json() : { places: [], labels: [], counts: [], missing: 0 };
  const { map, values } = maps[0];
  for (const group of above) group.remove();
  if (room.level === 'township') {
    const classes = { ...values, labels: sent.labels, counts: sent.counts, missing: sent.missing, clusters: {} };
    above = [made.symbols(map, sent, (level) => shapes.shade(classes, level), values.title, shapes.said)];
    shapes.legend(document.querySelector('[data-legend=counties]'), classes);
  } else {
    above = [made.matters(sent, room.addresses.matter), made.heat(map, sent)];
    heat.hidden = false;
    above[heat.getAttribute('aria-pressed') === 'true' ? 1 : 0].addTo(map);
  }
}

heat?.addEventListener('click', () => {
  const on = heat.getAttribute('aria-pressed') !== 'true';
  heat.setAttribute('aria-pressed', on);
  above[on ? 0 : 1].remove();
  above[on ? 1 : 0].addTo(maps[0].map);
});
if (room.level === 'points') maps[0].map.setMaxZoom(16);
await places();

time.timeline(room, room.months, query, (values, beside) => {
  take(maps[0], values);
  if (beside) take(maps[1], beside);
  for (const place of document.querySelectorAll('[data-period]')) place.textContent = values.period;
  for (const place of document.querySelectorAll('[data-period-short]')) place.textContent = `${query.get('since')}—${query.get('until')}`;
  address();
  rest();
});
box.dataset.ready = '';
