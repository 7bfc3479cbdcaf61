// The months below the map: a slider moves the window, a button plays it; values come month by month.

const PACE = 900;

export function timeline(room, months, query, show) {
  const box = document.querySelector('[data-time]');
  const slider = box.querySelector('[data-slider]');
  const button = box.querySelector('[data-play]');
  const bars = [...box.querySelectorAll('[data-bar]')];
  const brush = box.querySelector('[data-brush]');
  const says = box.querySelector('[data-time-says]');
  const kept = new Map();
  // Who may not open the matters gets months, quarters and years: the slider goes month by month.
  const span = room.fixed ? 0 : monthsBetween(query.get('since'), query.get('until'));
  let asked = 0;
  let timer = null;

  for (const hidden of [slider, button, box.querySelector('[data-keys]')]) hidden.hidden = false;

  function windowAt(end) {
    return { since: months[Math.max(end - span, 0)].slice(0, 7), until: months[end].slice(0, 7) };
  }

  async function values(end, other) {
    const view = new URLSearchParams(query);
    for (const [name, value] of Object.entries(windowAt(end))) view.set(name, value);
    view.set('bounds', (other ? room.beside : room.values).bounds);
    if (other) view.set('layer', view.get('layer2'));
    for (const name of ['compare', 'layer2', 'since2', 'until2']) view.delete(name);
    const address = `${room.addresses.values}?${view}`;
    if (!kept.has(address)) {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.status);
      kept.set(address, await answer.json());
    }
    return kept.get(address);
  }

  function mark(end) {
    const wide = 100 / months.length;
    bars.forEach((bar, i) => bar.classList.toggle('inside', i <= end && i >= end - span));
    brush.setAttribute('x', `${Math.max(end - span, 0) * wide}%`);
    brush.setAttribute('width', `${Math.min(span + 1, end + 1) * wide}%`);
  }

  async function go(end) {
    const turn = ++asked;
    mark(end);
    try {
      const found = await Promise.all([values(end), room.compare === 'layer' ? values(end, true) : null]);
      if (turn !== asked) return;
      slider.value = end;
      slider.setAttribute('aria-valuetext', found[0].period);
      says.textContent = '';
      for (const [name, value] of Object.entries(windowAt(end))) query.set(name, value);
      query.set('bounds', room.values.bounds);
      show(found[0], found[1]);
    } catch {
      if (turn === asked) { stop(); says.textContent = room.words.failed; }
    }
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
    button.setAttribute('aria-pressed', 'false');
    button.querySelector('[data-play-words]').textContent = room.words.paused;
  }

  async function step() {
    const next = Number(slider.value) + 1;
    if (next >= months.length) { stop(); return; }
    await go(next);
    if (timer) timer = setTimeout(step, PACE);
  }

  function play() {
    if (timer) { stop(); return; }
    button.setAttribute('aria-pressed', 'true');
    button.querySelector('[data-play-words]').textContent = room.words.playing;
    const from = Number(slider.value) >= months.length - 1 ? Math.min(span, months.length - 1) : Number(slider.value);
    timer = setTimeout(step, PACE);
    if (from !== Number(slider.value)) go(from);
  }

  slider.addEventListener('input', () => { stop(); go(Number(slider.value)); });
  slider.addEventListener('keydown', (event) => {
    if (event.key === ' ') { event.preventDefault(); play(); }
  });
  button.addEventListener('click', play);
  bars.forEach((bar, i) => bar.addEventListener('click', () => { stop(); go(i); }));
}

function monthsBetween(since, until) {
  const [a, b] = [since, until].map((text) => text.split('-').map(Number));
  return (b[0] - a[0]) * 12 + b[1] - a[1];
}
