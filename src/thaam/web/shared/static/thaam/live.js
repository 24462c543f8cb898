/* Live parts of a page: a hint from the stream, or a look every few seconds, fetches the page and swaps what changed. */
(function () {
  "use strict";
  var d = document;
  // A hint only says that something changed; the page then fetches itself and swaps the live parts.
  var live = d.querySelectorAll("[data-live]"), waiting = false;
  function refresh() {
    if (waiting || d.hidden) return;
    waiting = true;
    fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin" }).then(function (r) { return r.ok ? r.text() : ""; }).then(function (html) {
      if (html) {
        var fresh = new DOMParser().parseFromString(html, "text/html");
        d.querySelectorAll("[data-live]").forEach(function (e) {
          var other = fresh.getElementById(e.id);
          if (other && other.innerHTML !== e.innerHTML && !e.contains(d.activeElement)) e.innerHTML = other.innerHTML;
        });
      }
    }).catch(function () {}).then(function () { setTimeout(function () { waiting = false; }, 700); });
  }
  if (live.length) {
    var url = d.body.getAttribute("data-stream"), polling = null;
    var poll = function (every) { clearInterval(polling); polling = setInterval(refresh, every); };
    poll(5000);
    if (url && "EventSource" in window) {
      var source = new EventSource(url);
      source.onopen = function () { poll(20000); };
      source.onmessage = refresh;
      source.addEventListener("changed", refresh);
      source.onerror = function () { poll(5000); };
    }
  }
})();
