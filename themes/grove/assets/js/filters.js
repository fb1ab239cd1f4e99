/* Sorting needs no button where scripts run; empty fields stay out of the address. */
document.documentElement.classList.add("scripts");
for (const form of document.querySelectorAll("form[data-filters]")) {
  for (const field of form.querySelectorAll("[data-submit]")) {
    field.addEventListener("change", () => form.requestSubmit());
  }
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.value === "") field.disabled = true;
    }
  });
  window.addEventListener("pageshow", () => {
    for (const field of form.elements) field.disabled = false;
  });
}
