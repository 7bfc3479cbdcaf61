/* The third column of a wide desk: the row in focus in short, fetched when one rests on it. */
const desk = document.querySelector('[data-desk]');
const pane = document.querySelector('[data-glance]');
const wide = matchMedia('(min-width: 1200px)');
const REST = 160;
let asked = null;
let waiting = 0;

async function show(row) {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(row.dataset.glanceUrl, { signal: asked.signal });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const marked of page.querySelectorAll('[data-key]')) marked.removeAttribute('data-key');
    for (const sign of page.querySelectorAll('.choice kbd')) sign.remove();
    pane.replaceChildren(...page.body.childNodes);
    pane.hidden = false;
    desk.classList.add('three-part');
    for (const other of desk.querySelectorAll('tr.picked')) other.classList.remove('picked');
    row.classList.add('picked');
  } catch (error) {
    if (error.name !== 'AbortError') pane.replaceChildren();
  }
}

function rest(row) {
  clearTimeout(waiting);
  if (row && wide.matches) waiting = setTimeout(show, REST, row);
}

if (desk && pane) {
  const table = desk.querySelector('[data-rows]');
  table?.addEventListener('focusin', (event) => rest(event.target.closest('tr[data-row]')));
  table?.addEventListener('click', (event) => {
    if (!event.target.closest('a, button, input')) rest(event.target.closest('tr[data-row]'));
  });
  rest(table?.querySelector('tr[data-row]'));
}
