// A long job is written in parts: the page sends for the next one until none is left.
const form = document.querySelector("[data-going-on]");
if (form) form.requestSubmit();
