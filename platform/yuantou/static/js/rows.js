/* Ticked rows: the bulk bar counts them, one box ticks all, Escape lets go. */
const bar = document.querySelector('[data-bulk]');
const all = document.querySelector('[data-tick-all]');
const ticks = () => [...document.querySelectorAll('[data-tick]')];
document.documentElement.classList.add('js');

function count() {
  if (!bar) return;
  const chosen = ticks().filter((tick) => tick.checked).length;
  const words = bar.querySelector('[data-bulk-count]');
  words.textContent = words.dataset.words.replace('{n}', chosen);
  bar.classList.toggle('shown', chosen > 0);
  if (!all) return;
  all.checked = chosen > 0 && chosen === ticks().length;
  all.indeterminate = chosen > 0 && chosen < ticks().length;
}

function setAll(on) {
  for (const tick of ticks()) tick.checked = on;
  count();
}

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-tick-all]')) setAll(event.target.checked);
  else if (event.target.matches('[data-tick]')) count();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && bar && !document.querySelector('dialog[open]')) setAll(false);
});

for (const hidden of document.querySelectorAll('[data-tick-all], [data-bulk-clear]')) hidden.hidden = false;
document.querySelector('[data-bulk-clear]')?.addEventListener('click', () => setAll(false));
count();
