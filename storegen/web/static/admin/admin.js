// Scripts only add: every page works without this file.
"use strict";

for (const rows of document.querySelectorAll("[data-rows]")) {
  const template = rows.querySelector(":scope > template");
  const add = rows.querySelector(":scope > .add");
  if (!template || !add) continue;
  let next = rows.querySelectorAll(":scope > .row").length;
  add.hidden = false;
  add.querySelector("button").addEventListener("click", () => {
    const made = template.content.cloneNode(true);
    const old = rows.dataset.rows + ".00000.";
    const now = `${rows.dataset.rows}.${next}.`;
    const oldId = "f-" + old.replaceAll(".", "-");
    const nowId = "f-" + now.replaceAll(".", "-");
    for (const element of made.querySelectorAll("*")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replaceAll(old, now).replaceAll(oldId, nowId));
      }
    }
    next += 1;
    made.querySelector("legend").append(String(next));
    add.before(made);
    add.previousElementSibling.querySelector("input, select, textarea")?.focus();
  });
}

for (const all of document.querySelectorAll(".choose-all")) {
  all.hidden = false;
  all.querySelector("input").addEventListener("change", (event) => {
    for (const box of all.closest("form").querySelectorAll("td.tick input")) {
      box.checked = event.target.checked;
    }
  });
}

// The same form twice is a mistake of the finger.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}
