/* The drawers of the header: one open at a time, closed by Escape and by a tap beside them. */
{
  const drawers = [...document.querySelectorAll("details[data-drawer]")];
  const close = (drawer, focus) => {
    drawer.open = false;
    if (focus) drawer.querySelector("summary").focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const drawer of drawers) if (drawer.open) close(drawer, true);
  });
  document.addEventListener("click", (event) => {
    for (const drawer of drawers) {
      if (drawer.open && !drawer.contains(event.target)) close(drawer, false);
    }
  });
}
