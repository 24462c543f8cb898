/* Staff pages: the wall clock, live hints, keys. Everything here is optional for reading. */
(function () {
  "use strict";
  var d = document;
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function tick() {
    var now = new Date(Date.now() + 330 * 60000), s = two(now.getUTCHours()) + ":" + two(now.getUTCMinutes()) + ":" + two(now.getUTCSeconds());
    d.querySelectorAll("[data-clock]").forEach(function (e) { e.textContent = s; });
    d.querySelectorAll("[data-since]").forEach(function (e) {
      var t = Math.max(0, Math.floor((Date.now() - Date.parse(e.getAttribute("data-since"))) / 1000)), h = Math.floor(t / 3600);
      e.textContent = (h ? h + ":" : "") + two(Math.floor(t / 60) % 60) + ":" + two(t % 60);
      var track = d.querySelector("[data-track]");
      if (track && e.hasAttribute("data-golden")) track.style.width = Math.min(100, t / 36) + "%";
    });
    d.querySelectorAll("[data-until]").forEach(function (e) {
      var t = Math.floor((Date.parse(e.getAttribute("data-until")) - Date.now()) / 1000), late = t < 0;
      t = Math.abs(t);
      if (t >= 172800) { e.textContent = (late ? "+" : "") + Math.floor(t / 86400) + (d.documentElement.lang === "en" ? " days" : " दिन"); return; }
      e.textContent = (late ? "+" : "") + (t >= 3600 ? Math.floor(t / 3600) + ":" + two(Math.floor(t / 60) % 60) : Math.floor(t / 60)) + ":" + two(t % 60);
    });
  }
  tick(); setInterval(tick, 1000);
  d.addEventListener("keydown", function (e) {
    var key = (e.altKey ? "Alt+" : "") + (e.key.length === 1 ? e.key.toUpperCase() : e.key);
    var target = d.querySelector('[data-key="' + key + '"]');
    if (!target) return;
    e.preventDefault();
    if (target.disabled) { target.dispatchEvent(new CustomEvent("refused", { bubbles: true })); return; }
    var before = d.activeElement;
    target.click(); if (target.focus && d.activeElement === before) target.focus(); // what the click put in hand stays there
  });
  function shut(e) {
    d.querySelectorAll(".more[open]").forEach(function (m) {
      if (e.key !== "Escape" && m.contains(e.target)) return;
      m.open = false;
      if (e.key === "Escape") m.firstElementChild.focus();
    });
  }
  d.addEventListener("click", shut);
  d.addEventListener("keydown", function (e) { if (e.key === "Escape") shut(e); });
})();
