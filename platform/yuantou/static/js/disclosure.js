/* Menus are <details>: they open without us; here they close on Escape, on leaving and on each other. */
const menus = () => document.querySelectorAll('details[data-menu]');

function closeOthers(keep) {
  for (const menu of menus()) {
    if (menu !== keep && !menu.contains(keep)) menu.open = false;
  }
}

document.addEventListener('toggle', (event) => {
  const menu = event.target;
  if (menu instanceof HTMLDetailsElement && menu.matches('[data-menu]') && menu.open) closeOthers(menu);
}, true);

document.addEventListener('click', (event) => closeOthers(event.target.closest('details[data-menu]')));

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const open = [...menus()].find((menu) => menu.open);
  if (!open) return;
  open.open = false;
  open.querySelector('summary').focus();
  event.stopImmediatePropagation();
});

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
