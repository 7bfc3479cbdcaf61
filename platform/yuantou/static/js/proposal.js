/* The form that judges a matter: who would own it follows the type that is chosen. Without this file
   the owner of the type as reported is shown. */
const box = document.querySelector('[data-proposal]');
const form = box.closest('form');
let asked = '';

form.addEventListener('change', async (event) => {
  if (event.target.name !== 'category') return;
  asked = event.target.value;
  const mine = asked;
  try {
    const answer = await fetch(`${box.dataset.url}?type=${encodeURIComponent(mine)}`);
    if (answer.ok && mine === asked) box.innerHTML = await answer.text();
  } catch {
    box.textContent = '';
  }
});
