// Places above the counties: symbols of townships, single matters in clusters or as heat.

export function symbols(map, sent, shade, title, said) {
  const most = Math.max(...sent.places.map((each) => each[4]), 1);
  const group = window.L.layerGroup().addTo(map);
  for (const [lng, lat, name, level, count, words] of sent.places) {
    const circle = window.L.circleMarker([lat, lng], {
      radius: 4 + 14 * Math.sqrt(count / most), weight: 1.5, color: '#172224',
      fillColor: level < 0 ? '#D3D5D1' : shade(level), fillOpacity: .9, className: 'township-symbol',
    }).bindTooltip(said(`${name} ${words}`)).addTo(group);
    const path = circle.getElement();
    path?.setAttribute('role', 'img');
    path?.setAttribute('aria-label', `${title} ${name} ${words}`);
  }
  return group;
}

export function matters(sent, address) {
  const group = window.L.markerClusterGroup({
    showCoverageOnHover: false, maxClusterRadius: 44, animate: false,
    iconCreateFunction: (cluster) => window.L.divIcon({
      html: `<span>${cluster.getChildCount()}</span>`, className: 'matter-cluster', iconSize: [36, 36],
    }),
  });
  for (const [lng, lat, id, number, type, risk, day] of sent.places) {
    const mark = { red: '◆', yellow: '▲', blue: '○' }[risk] ?? '●';
    const icon = window.L.divIcon({ html: `<span>${mark}</span>`, className: `matter-point ${risk}`, iconSize: [24, 24] });
    const marker = window.L.marker([lat, lng], { icon, title: `${number} ${type} ${day}` });
    marker.on('click', () => { window.location = address.replace(/0$/, id); });
    group.addLayer(marker);
  }
  return group;
}

// Heat: soft spots that add up where matters lie close; it shows density, not a rate.
export function heat(map, sent) {
  const group = window.L.layerGroup();
  group.on('add', () => {
    const svg = map.getPane('overlayPane').querySelector('svg');
    if (svg.querySelector('#heat')) return;
    const space = 'http://www.w3.org/2000/svg';
    const made = document.createElementNS(space, 'radialGradient');
    made.id = 'heat';
    for (const [offset, opacity] of [['0', '.5'], ['.5', '.18'], ['1', '0']]) {
      const stop = made.appendChild(document.createElementNS(space, 'stop'));
      stop.setAttribute('offset', offset);
      stop.setAttribute('stop-color', '#B5420F');
      stop.setAttribute('stop-opacity', opacity);
    }
    svg.appendChild(document.createElementNS(space, 'defs')).append(made);
  });
  for (const [lng, lat] of sent.places) {
    window.L.circleMarker([lat, lng], { radius: 26, stroke: false, fillColor: 'url(#heat)', fillOpacity: 1, interactive: false, className: 'heat' }).addTo(group);
  }
  return group;
}
