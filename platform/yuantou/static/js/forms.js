/* Entry: one press sends once, counters count, steppers step, errors are found. */
function busy(form, on) {
  for (const button of form.querySelectorAll('button[type=submit]')) {
    if (on) button.setAttribute('aria-busy', 'true');
    else button.removeAttribute('aria-busy');
  }
}

/* Without a network nothing is sent: the browser's page of failure would take the place of what was typed. */
const cut = document.querySelector('[data-offline]');
function connection() {
  cut.hidden = navigator.onLine;
}
if (cut) {
  window.addEventListener('online', connection);
  window.addEventListener('offline', connection);
  document.addEventListener('submit', (event) => {
    if (navigator.onLine || event.target.getAttribute('method') !== 'post') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    connection();
  }, true);
}

for (const form of document.querySelectorAll('form[data-once]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    busy(form, true);
  });
}
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    busy(form, false);
  }
});

for (const counter of document.querySelectorAll('[data-counter]')) {
  const area = document.getElementById(counter.dataset.counter);
  const most = Number(counter.dataset.most);
  const show = () => {
    const length = [...area.value].length;
    counter.textContent = `${length} / ${most} ${counter.dataset.unit}`;
    counter.classList.toggle('full', length > most);
  };
  area.addEventListener('input', show);
  show();
}

for (const stepper of document.querySelectorAll('[data-stepper]')) {
  const input = stepper.querySelector('input');
  for (const button of stepper.querySelectorAll('[data-step]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      if (button.dataset.step === '1') input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
}

document.querySelector('[data-error-summary]')?.focus();
