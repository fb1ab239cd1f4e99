/* Cart, checkout and address forms. All of them work without this; it saves presses of a button. */

/* The summary of what is wrong gets the focus, so that it is read out. */
document.querySelector("[data-focus]")?.focus();

/* What was wrong and has been put right is no longer called wrong. The server judges again when the
   form is sent; without scripts that is when the marks go. */
const SIMILAR = { method: "[name=method]", payment: "[name=payment]" };

const settled = (control) => control.validity.valid && control.value.trim() !== "";

const clear = (form, name) => {
  form.querySelector(`#f-${name}-error`)?.remove();
  if (name in SIMILAR) form.querySelector(`p.error-text#f-${name}`)?.remove();
  const item = form.querySelector(`[data-problem="${name}"]`);
  const box = item?.closest(".notice");
  item?.remove();
  if (box && !box.querySelector("[data-problem]")) box.remove();
};

for (const form of document.querySelectorAll("main form")) {
  const mend = (event) => {
    const control = event.target;
    const name = control.name;
    if (!name) return;
    if (name in SIMILAR) {
      clear(form, name);
    } else if (control.getAttribute("aria-invalid") && settled(control)) {
      control.removeAttribute("aria-invalid");
      const about = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => !id.endsWith("-error"));
      if (about.join("")) control.setAttribute("aria-describedby", about.join(" "));
      else control.removeAttribute("aria-describedby");
      clear(form, name.startsWith("division_") ? "division" : name);
    }
  };
  form.addEventListener("input", mend);
  form.addEventListener("change", mend);
}

/* A new quantity in the cart is sent by itself. */
for (const form of document.querySelectorAll("[data-quantity-form]")) {
  const button = form.querySelector("[data-update]");
  if (!button) continue;
  button.hidden = true;
  let timer = 0;
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(button), 350);
  });
}

/* Steps of an address, and what follows from them (delivery, total): the server answers with the
   page as it goes on, and the parts that changed are put in place. */
for (const form of document.querySelectorAll("[data-checkout], [data-address]")) {
  const hide = () => {
    for (const button of form.querySelectorAll("[data-step-button]")) button.hidden = true;
  };
  hide();

  const prefix = document.querySelector("body").dataset.fragment.replace(/fragment$/, "");

  /* The next select of the divisions, without waiting for the whole page. */
  const below = async (select) => {
    const country = form.elements.country.value;
    const level = Number(select.name.split("_")[1]);
    const box = select.closest(".divisions");
    for (const other of box.querySelectorAll("select")) {
      if (Number(other.name.split("_")[1]) > level) other.closest(".field").remove();
    }
    if (!select.value) return false;
    const answer = await fetch(`${prefix}divisions/${country}/${select.value}.json`);
    if (!answer.ok) return true;
    const { label, options } = await answer.json();
    if (options.length === 0) return true;
    const field = select.closest(".field").cloneNode(true);
    const next = field.querySelector("select");
    next.id = `f-division_${level + 1}`;
    next.name = `division_${level + 1}`;
    next.autocomplete = `address-level${level + 2}`;
    next.removeAttribute("aria-invalid");
    next.replaceChildren(next.options[0], ...options.map(([code, name]) => new Option(name, code)));
    next.value = "";
    field.querySelector("label").htmlFor = next.id;
    field.querySelector("label").textContent = label;
    select.closest(".field").after(field);
    return false;
  };

  /* The page for what is typed so far; its parts replace ours. */
  const refresh = async (step) => {
    const data = new FormData(form);
    data.set("step", step);
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(data),
      credentials: "same-origin",
    });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(form.hasAttribute("data-checkout") ? "[data-checkout]" : "[data-address]");
    if (!fresh) return;
    const focused = document.activeElement?.id;
    const replaced = step === "country" || step === "address" ? ["#address", "[data-part]"] : ["[data-part]:not([data-part=address])"];
    for (const part of form.querySelectorAll(replaced.join(","))) {
      if (!part.isConnected) continue;
      const other = part.id ? fresh.querySelector(`#${part.id}`) : fresh.querySelector(`[data-part=${part.dataset.part}]`);
      if (other) part.replaceWith(document.adoptNode(other));
    }
    for (const name of ["expected_total", "country_shown", "key"]) {
      const mine = form.querySelector(`input[name=${name}]`);
      const theirs = fresh.querySelector(`input[name=${name}]`);
      if (mine && theirs) mine.value = theirs.value;
      else if (theirs) form.querySelector("input[name=csrf]").after(document.adoptNode(theirs));
      else mine?.remove();
    }
    hide();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  form.addEventListener("change", async (event) => {
    const control = event.target;
    const step = control.dataset?.step;
    if (!step) return;
    if (step === "division") {
      const whole = await below(control);
      if (whole && form.hasAttribute("data-checkout")) await refresh("division");
    } else {
      await refresh(step);
    }
  });
}
