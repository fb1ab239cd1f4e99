/* The strip of pictures scrolls by itself; thumbnails follow it and move it. */
for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const strip = gallery.querySelector("[data-strip]");
  const thumbs = [...gallery.querySelectorAll(".gallery-thumbs a")];
  if (!strip) continue;
  const slides = [...strip.children];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const show = (at) => {
    strip.scrollTo({ left: slides[at].offsetLeft - strip.offsetLeft, behavior: calm.matches ? "auto" : "smooth" });
  };
  thumbs.forEach((thumb, at) => {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      show(at);
    });
  });
  const mark = (at) => {
    thumbs.forEach((thumb, other) => {
      if (other === at) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    });
  };
  if ("IntersectionObserver" in window) {
    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) mark(slides.indexOf(entry.target));
      },
      { root: strip, threshold: 0.6 },
    );
    slides.forEach((slide) => seen.observe(slide));
  }
  gallery.addEventListener("picture:show", (event) => {
    const at = slides.findIndex((slide) => slide.dataset.sha === event.detail);
    if (at >= 0) show(at);
  });
}
