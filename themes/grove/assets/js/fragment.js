/* What is personal comes after the page: only visitors who have a session ask for it. */
{
  const known = document.cookie.split("; ").some((pair) => pair.startsWith("sg_has="));
  const fill = (slots) => {
    for (const [name, html] of Object.entries(slots)) {
      for (const place of document.querySelectorAll(`[data-slot="${CSS.escape(name)}"]`)) {
        if (html === "") continue;
        place.innerHTML = html;
        place.hidden = false;
      }
    }
  };
  if (known && document.body.dataset.fragment) {
    const asked = new URLSearchParams();
    for (const place of document.querySelectorAll("[data-piece]")) {
      if (!asked.has("piece", place.dataset.slot)) asked.append("piece", place.dataset.slot);
    }
    const query = asked.size ? `?${asked}` : "";
    fetch(document.body.dataset.fragment + query, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then(fill)
      .catch(() => {}); // the page is whole without it
  }
}
