/* Sorting needs no button where scripts run; empty fields stay out of the address. */
document.documentElement.classList.add("scripts");
for (const form of document.querySelectorAll("form[data-filters]")) {
  for (const field of form.querySelectorAll("[data-submit]")) {
    field.addEventListener("change", () => form.requestSubmit());
  }
  const left = new Set();
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (!field.name || field.value !== "" || field.disabled) continue;
      field.disabled = true;
      left.add(field);
    }
  });
  /* Back from another page: what the sending left out can be filled in again. */
  window.addEventListener("pageshow", () => {
    for (const field of left) field.disabled = false;
    left.clear();
  });
}
