/* A batch goes on by itself while its page is open; without script one presses "继续办理". */
const form = document.querySelector('[data-batch-step]');
const bar = document.querySelector('[data-batch-bar]');
const words = document.querySelector('[data-batch-words]');
const REST = 200;

async function step() {
  const answer = await fetch(form.action, {
    method: 'POST',
    body: new FormData(form),
    headers: { Accept: 'application/json' },
  });
  if (!answer.ok || answer.redirected) return false;
  const far = await answer.json();
  bar.value = far.passed;
  words.textContent = words.dataset.words.replace('{passed}', far.passed).replace('{total}', far.total);
  if (!far.waiting) window.location.reload();
  return far.waiting;
}

async function go() {
  form.querySelector('button').disabled = true;
  try {
    while (await step()) await new Promise((done) => { setTimeout(done, REST); });
  } finally {
    form.querySelector('button').disabled = false;
  }
}

if (form) go();
