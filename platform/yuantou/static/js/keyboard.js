/* Single-key shortcuts: an element says its key in data-key. They can be switched off in the key list. */
const STORE = 'yuantou.keys';
const help = document.querySelector('[data-keys-help]');
const marked = () => [...document.querySelectorAll('[data-key]')].filter((item) => item.offsetParent !== null);

function enabled() {
  return localStorage.getItem(STORE) !== 'off';
}

function typing(target) {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])'));
}

function act(item) {
  if (item.matches('input, select, textarea')) {
    item.focus();
    item.select?.();
  } else {
    item.click();
  }
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
