// Counties as Leaflet shapes: colours, dots where there is no data, hatching where a spot is significant.

const SPACE = 'http://www.w3.org/2000/svg';
const SPOTS = { H: 'hot-99', h: 'hot-95', c: 'cold-95', C: 'cold-99' };
const css = getComputedStyle(document.documentElement);
export const colour = (name) => css.getPropertyValue(`--${name}`).trim();

// Leaflet takes strings for HTML: names are given to it as elements.
export const said = (text) => Object.assign(document.createElement('span'), { textContent: text });

export function decode(topology) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
  const ring = (numbers) => numbers.flatMap((n, i) => {
    const points = n < 0 ? arcs[~n].slice().reverse() : arcs[n];
    return i ? points.slice(1) : points;
  });
  const shape = (g) => g.type === 'Polygon' ? g.arcs.map(ring) : g.arcs.map((part) => part.map(ring));
  return topology.objects.counties.geometries.map((g) => ({
    type: 'Feature', id: g.id, properties: { ...g.properties, id: g.id },
    geometry: { type: g.type, coordinates: shape(g) },
  }));
}

// What came over the wire, by county: class (-1 none, -2 out of sight), words and spot.
export function spread(values, order) {
  const words = values.words.split('|');
  return Object.fromEntries(order.map((code, i) => {
    const sign = values.classes[i];
    const level = sign === '_' ? -2 : sign === '-' ? -1 : Number(sign);
    return [code, { level, words: words[i], spot: SPOTS[values.spots[i]] ?? '' }];
  }));
}

// One class alone stands in the middle of the scale: the lightest would look like no data.
export const shade = (values, level) => colour(`seq-${values.labels.length === 1 ? 4 : level + 1}`);

function element(parent, name, set) {
  const made = parent.appendChild(document.createElementNS(SPACE, name));
  for (const [key, value] of Object.entries(set)) made.setAttribute(key, value);
  return made;
}

function patterns(svg, prefix) {
  const defs = element(svg, 'defs', {});
  for (const kind of Object.values(SPOTS)) {
    const pattern = element(defs, 'pattern', { id: `${prefix}-${kind}`, width: 7, height: 7, patternUnits: 'userSpaceOnUse',
      patternTransform: `rotate(${kind.startsWith('hot') ? 45 : -45})` });
    element(pattern, 'line', { x1: 0, y1: 0, x2: 0, y2: 7, stroke: colour(kind), 'stroke-width': kind.endsWith('99') ? 3.2 : 2 });
  }
  const dots = element(defs, 'pattern', { id: `${prefix}-no-data`, width: 6, height: 6, patternUnits: 'userSpaceOnUse' });
  element(dots, 'circle', { cx: 3, cy: 3, r: 1, fill: '#8A918E' });
}

// Hatching and dots lie over the shapes as copies that catch no pointer.
export function overlay(map, counties, known, show, prefix) {
  const svg = map.getPane('overlayPane').querySelector('svg');
  if (!svg) return;
  let group = svg.querySelector('g[data-hatch]');
  if (!group) {
    patterns(svg, prefix);
    group = element(svg.querySelector('g'), 'g', { 'pointer-events': 'none', 'data-hatch': '' });
  }
  svg.querySelector('g').append(group);
  group.replaceChildren();
  counties.eachLayer((layer) => {
    const seen = known[layer.feature.id];
    const path = layer.getElement();
    if (!seen || !path) return;
    const bare = show === 'ground';
    const kinds = [seen.level === -1 && show !== 'clusters' && !bare ? 'no-data' : '', show === 'values' || bare ? '' : seen.spot];
    for (const kind of kinds.filter(Boolean)) {
      element(group, 'path', { d: path.getAttribute('d'), fill: `url(#${prefix}-${kind})`, 'fill-rule': 'evenodd', 'data-kind': kind });
    }
  });
}

export function look(values, seen, picked, show) {
  const outside = seen.level === -2;
  const plain = { clusters: colour('not-sig'), ground: colour('surface') }[show] ?? null;
  const spot = show === 'values' || show === 'ground' ? '' : seen.spot;
  return {
    fillColor: outside ? colour('paper') : plain ?? (seen.level < 0 ? colour('nodata') : shade(values, seen.level)),
    fillOpacity: 1,
    color: picked ? colour('ink-900') : spot ? colour(spot) : outside || plain ? colour('line-strong') : colour('map-line'),
    weight: picked ? 3 : spot ? 2.5 : 1,
  };
}

// The legend follows what is shown; its first state was written by the server.
export function legend(place, values) {
  place.querySelector('[data-legend-title]').textContent = values.title;
  place.querySelector('[data-legend-sub]').textContent = `${values.unit} · ${values.period}`;
  const list = place.querySelector('[data-legend-classes]');
  if (!list) return;
  const missing = list.lastElementChild;
  const sample = missing.querySelector('svg');
  list.replaceChildren(...values.labels.map((label, i) => {
    const row = document.createElement('li');
    const swatch = sample.cloneNode(false);
    element(swatch, 'rect', { width: '100%', height: '100%', fill: shade(values, i) });
    row.append(swatch, Object.assign(document.createElement('span'), { textContent: label }),
      Object.assign(document.createElement('span'), { textContent: values.counts[i], className: 'n' }));
    return row;
  }), missing);
  place.querySelector('[data-legend-missing]').textContent = values.missing;
  for (const cell of place.querySelectorAll('[data-legend-cluster]')) {
    cell.textContent = values.clusters[cell.dataset.legendCluster] ?? 0;
  }
}
