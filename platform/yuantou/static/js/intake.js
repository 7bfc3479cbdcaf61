/* Intake: possible twins while typing, the phone's position on a tap, and how much is answered.
   Without this file the form works; twins are then asked about when it is sent. */
const form = document.getElementById('intake');
const token = form.querySelector('[name=csrf_token]')?.value ?? '';
const box = form.querySelector('[data-hints]');
const list = box.querySelector('[data-hints-list]');
const said = box.querySelector('[data-hints-said]');
const apart = new Set();
let asked = '[]';
let waiting = 0;

function party(group) {
  const part = (name) => group.querySelector(`[data-hint-part=${name}]`)?.value.trim() ?? '';
  return { kind: part('kind'), name: part('name'), phone: part('phone'), id: part('id') };
}

/* A name alone is never asked about, half a number neither. */
function askable() {
  const full = (one) => one.id.length >= 18 || (one.name && one.phone.replace(/\D/g, '').length >= 7);
  return [...form.querySelectorAll('[data-party]')].map(party).filter(full);
}

function card(match) {
  const made = box.querySelector('template[data-hint]').content.firstElementChild.cloneNode(true);
  made.querySelector('b').textContent = match.title;
  made.querySelector('p').textContent = match.place;
  made.querySelector('small').textContent = match.about;
  made.querySelector('[name=same]').value = match.id;
  made.querySelector('[data-apart]').addEventListener('click', () => {
    apart.add(match.id);
    form.elements.distinct.value = [...apart].join(',');
    made.remove();
    box.hidden = !list.children.length;
  });
  return made;
}

function show(answer) {
  const fresh = answer.matches.filter((match) => !apart.has(match.id));
  list.replaceChildren(...fresh.map(card));
  said.textContent = answer.message ?? '';
  box.hidden = !fresh.length && !answer.message;
}

async function ask() {
  const parties = askable();
  const question = JSON.stringify(parties);
  if (question === asked) return;
  asked = question;
  if (!parties.length) return show({ matches: [] });
  try {
    const answer = await fetch(box.dataset.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
      body: JSON.stringify({ parties }),
    });
    if (question === asked && answer.headers.get('content-type')?.includes('json')) show(await answer.json());
  } catch {
    asked = '[]';
  }
}

form.addEventListener('input', (event) => {
  if (!event.target.matches('[data-hint-part]')) return;
  event.target.closest('[data-party]').after(box);
  clearTimeout(waiting);
  waiting = setTimeout(ask, 600);
});

const place = form.querySelector('[data-locate]');
const words = place.querySelector('[data-locate-said]');
const drop = place.querySelector('[data-locate-drop]');

function keep(lng, lat) {
  form.elements.lng.value = lng;
  form.elements.lat.value = lat;
  drop.hidden = lng === '';
}

if ('geolocation' in navigator && window.isSecureContext) {
  place.hidden = false;
  const empty = words.textContent;
  place.querySelector('[data-locate-take]').addEventListener('click', () => {
    words.textContent = words.dataset.wait;
    navigator.geolocation.getCurrentPosition((found) => {
      keep(found.coords.longitude.toFixed(6), found.coords.latitude.toFixed(6));
      words.textContent = words.dataset.taken.replace('{n}', Math.ceil(found.coords.accuracy));
    }, () => { words.textContent = words.dataset.failed; }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 });
  });
  drop.addEventListener('click', () => {
    keep('', '');
    words.textContent = empty;
  });
}

const note = form.querySelector('[data-answered]');
const needed = ['type', 'area', 'place', 'summary', 'occurred_on', 'involved', 'source'].filter((name) => name in form.elements);

function answered() {
  const data = new FormData(form);
  const done = needed.filter((name) => (data.get(name) ?? '').trim());
  note.textContent = note.dataset.words.replace('{all}', needed.length).replace('{n}', done.length);
}

form.addEventListener('input', answered);
answered();
