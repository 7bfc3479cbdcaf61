/* Unsaved entry: warn before leaving, and keep in this tab only what a form marks with data-draft.
   Nothing is kept unless marked, so who the parties are never reaches the browser's store. */
const PREFIX = 'yuantou.draft.';
const SENT = `${PREFIX}sent`;
const marked = (form) => [...form.elements].filter((item) => 'draft' in item.dataset && !/^(password|file|hidden)$/.test(item.type));
const toggles = (item) => item.type === 'checkbox' || item.type === 'radio';
const nameOf = (item) => (toggles(item) ? `${item.name}=${item.value}` : item.name);

function clearDrafts() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

function save(form, key) {
  const kept = marked(form).map((item) => [nameOf(item), toggles(item) ? item.checked : item.value]);
  sessionStorage.setItem(key, JSON.stringify(kept));
  const note = document.querySelector('[data-draft-note]');
  if (!note) return;
  const now = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false });
  note.hidden = false;
  note.querySelector('span').textContent = `${note.dataset.words} ${now}`;
}

function restore(form, key) {
  const kept = new Map(JSON.parse(sessionStorage.getItem(key) || '[]'));
  for (const item of marked(form)) {
    if (!kept.has(nameOf(item))) continue;
    if (toggles(item)) item.checked = kept.get(nameOf(item));
    else item.value = kept.get(nameOf(item));
    item.dispatchEvent(new Event('input'));
  }
}

/* What was sent and taken does not come back; where the answer was another, it waits for the next try. */
const sent = sessionStorage.getItem(SENT);
if (sent && document.querySelector('.messages .notice:not(.error)')) sessionStorage.removeItem(sent);
sessionStorage.removeItem(SENT);
for (const done of document.querySelectorAll('[data-draft-done]')) sessionStorage.removeItem(PREFIX + done.dataset.draftDone);

const unsaved = new Set();
window.addEventListener('beforeunload', (event) => {
  if (unsaved.size) event.preventDefault();
});

for (const form of document.querySelectorAll('form[data-guard]')) {
  const key = form.dataset.draftKey ? PREFIX + form.dataset.draftKey : null;
  if (key && !('unsaved' in form.dataset)) restore(form, key);
  if ('unsaved' in form.dataset) unsaved.add(form);
  form.addEventListener('input', () => {
    unsaved.add(form);
    if (key) save(form, key);
  });
  form.addEventListener('submit', () => {
    unsaved.delete(form);
    if (key) sessionStorage.setItem(SENT, key);
  });
}

for (const form of document.querySelectorAll('[data-clears-drafts]')) form.addEventListener('submit', clearDrafts);
/* A page of failure does not know who is here: only a page that knows nobody is signed in clears. */
if (!('signedIn' in document.body.dataset) && !('plain' in document.body.dataset)) clearDrafts();
