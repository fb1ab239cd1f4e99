/* Plus and minus beside a number; the number is a plain field without them. */
for (const box of document.querySelectorAll("[data-quantity]")) {
  const field = box.querySelector("input");
  for (const button of box.querySelectorAll("button[data-step]")) {
    button.addEventListener("click", () => {
      const before = field.value;
      if (button.dataset.step === "1") field.stepUp();
      else field.stepDown();
      if (field.value !== before) field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
