// Times of an end that is near become what is left, second by second. Without this script, and
// while they are far away, they stay times.
const NEAR = 3 * 86400;
const pad = (number) => String(number).padStart(2, "0");

function show(element, now) {
  const left = Math.max(0, Math.floor((Date.parse(element.dateTime) - now) / 1000));
  if (left > NEAR) return;
  const days = Math.floor(left / 86400);
  const clock = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60].map(pad).join(":");
  const text = days ? `${element.dataset.day.replace("{}", days)} ${clock}` : clock;
  element.textContent = element.dataset.countdown.replace("{}", text);
}

function tick() {
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-countdown]")) show(element, now);
}

tick();
setInterval(tick, 1000);
