/* Single-key shortcuts: an element says its key in data-key. They can be switched off in the key list.
   A key opens the fold that its element stands in; the form that a key led to is ready to be written in. */
const STORE = 'yuantou.keys';
const LED = 'yuantou.led-by-key';
const FIELDS = 'input:not([type=hidden], [type=file]), select, textarea';
const help = document.querySelector('[data-keys-help]');

function outermostFold(item) {
  let fold = null;
  for (let one = item.closest('details:not([open])'); one; one = one.parentElement.closest('details:not([open])')) fold = one;
  return fold === item.parentElement && item.matches('summary') ? null : fold;
}

/* Elements with a key that can be reached, those in sight before those in a closed fold. */
function marked() {
  const found = [...document.querySelectorAll('[data-key]')].map((item) => [item, outermostFold(item)]);
  const shown = found.filter(([item, fold]) => (fold || item).offsetParent !== null);
  return shown.sort(([, one], [, other]) => Boolean(one) - Boolean(other)).map(([item]) => item);
}

function unfold(item) {
  for (let fold = item.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
}

function focusFirst(place) {
  const fields = [...(place?.querySelectorAll(FIELDS) || [])].filter((field) => field.offsetParent !== null);
  const chosen = fields.find((field) => field.type === 'radio' && field.name === fields[0].name && field.checked);
  (chosen || fields[0])?.focus();
}

function enabled() {
  return localStorage.getItem(STORE) !== 'off';
}

function typing(target) {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])'));
}

function act(item) {
  unfold(item);
  if (item.matches('input, select, textarea')) {
    item.focus();
    item.select?.();
  } else if (item.matches('summary')) {
    focusFirst(item.parentElement);
  } else {
    if (item.matches('a.choice')) sessionStorage.setItem(LED, new URL(item.href).pathname);
    item.click();
  }
}

function arriveByKey() {
  const led = sessionStorage.getItem(LED);
  sessionStorage.removeItem(LED);
  if (led === location.pathname && document.activeElement === document.body) focusFirst(document.querySelector('main form.form'));
}

function line(key, words) {
  const term = document.createElement('dt');
  const mark = document.createElement('kbd');
  mark.textContent = key.toUpperCase();
  term.append(mark);
  const text = document.createElement('dd');
  text.textContent = words;
  return [term, text];
}

function keyList() {
  const dialog = document.querySelector('#keys-dialog').content.firstElementChild.cloneNode(true);
  const list = dialog.querySelector('dl');
  if (!document.querySelector('[data-rows]')) list.replaceChildren();
  for (const item of marked()) {
    list.append(...line(item.dataset.key, item.dataset.keyLabel || item.textContent.trim()));
  }
  const box = dialog.querySelector('input');
  box.checked = enabled();
  box.addEventListener('change', () => localStorage.setItem(STORE, box.checked ? 'on' : 'off'));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function move(step) {
  const rows = [...document.querySelectorAll('[data-rows] tr[data-row]')];
  const at = rows.findIndex((row) => row.classList.contains('at'));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (!next) return;
  rows[at]?.classList.remove('at');
  next.classList.add('at');
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

const rowKeys = {
  j: () => move(1),
  k: () => move(-1),
  x: (row) => row?.querySelector('[data-tick]')?.click(),
  enter: (row) => row?.querySelector('[data-open]')?.click(),
};

function onRows(event) {
  const act = rowKeys[event.key.toLowerCase()];
  const row = document.activeElement.closest('tr[data-row]');
  if (!act || !document.querySelector('[data-rows]')) return false;
  if (event.key === 'Enter' && document.activeElement !== row) return false;
  act(row);
  return true;
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (!enabled() || document.querySelector('dialog[open]')) return;
  if (event.key === '?' && help) {
    event.preventDefault();
    keyList();
    return;
  }
  if (onRows(event)) {
    event.preventDefault();
    return;
  }
  const item = marked().find((one) => one.dataset.key === event.key.toLowerCase());
  if (!item) return;
  event.preventDefault();
  act(item);
});

if (help) {
  help.hidden = false;
  help.addEventListener('click', keyList);
}

arriveByKey();
