/* A camp without a network: reports are written down in this computer's IndexedDB and handed over once, each under its own id. */
(function () {
  "use strict";
  var d = document, form = d.querySelector("[data-capture]");
  if (!form) return;
  var hi = d.documentElement.lang !== "en", base = null, busy = false;
  function q(s) { return d.querySelector(s); }
  function id() {
    var b = crypto.getRandomValues(new Uint8Array(16)), t = Date.now();
    for (var i = 5; i >= 0; i--) { b[i] = t % 256; t = Math.floor(t / 256); }
    b[6] = (b[6] & 15) | 112; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return (x < 16 ? "0" : "") + x.toString(16); }).join("");
    return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
  }
  function open(done) {
    var ask = indexedDB.open("thaam-camp", 1);
    ask.onupgradeneeded = function () { ask.result.createObjectStore("reports", { keyPath: "complaint_id" }); };
    ask.onsuccess = function () { base = ask.result; done(); };
  }
  function store(mode) { return base.transaction("reports", mode).objectStore("reports"); }
  function all(done) { var ask = store("readonly").getAll(); ask.onsuccess = function () { done(ask.result); }; }
  function show() {
    all(function (rows) {
      q("[data-waiting]").hidden = !rows.length; q("[data-count]").textContent = rows.length || "";
      var list = q("[data-list]"); list.textContent = "";
      rows.forEach(function (r) {
        var li = d.createElement("li"), text = d.createElement("span");
        text.textContent = "₹" + r.amount + " · " + r.mobile + (r.name ? " · " + r.name : "") + (r.said ? " · " + r.said : "");
        li.appendChild(text);
        if (r.said) {
          var b = d.createElement("button"); b.type = "button"; b.className = "as-link"; b.textContent = hi ? "सुधारें" : "Correct";
          b.addEventListener("click", function () { Object.keys(r).forEach(function (n) { if (form.elements[n]) form.elements[n].value = r[n]; }); form.setAttribute("data-id", r.complaint_id); form.setAttribute("data-at", r.taken_at); form.elements.amount.focus(); });
          li.appendChild(d.createTextNode(" ")); li.appendChild(b);
        }
        list.appendChild(li);
      });
    });
  }
  function net() { q("[data-net]").textContent = navigator.onLine ? (hi ? "नेटवर्क है" : "Network is there") : (hi ? "नेटवर्क नहीं है" : "No network"); }
  form.addEventListener("submit", function (e) {
    e.preventDefault();
    var said = q("[data-said]"), row = { complaint_id: form.getAttribute("data-id") || id(), taken_at: form.getAttribute("data-at") || new Date().toISOString(), camp: form.getAttribute("data-camp") };
    Array.prototype.forEach.call(form.elements, function (el) { if (el.name) row[el.name] = el.value.trim(); });
    if (!row.amount || row.mobile.replace(/\D/g, "").length < 10) { said.textContent = hi ? "रकम और 10 अंकों का मोबाइल ज़रूरी है।" : "The amount and a mobile of 10 digits are needed."; return; }
    var put = store("readwrite").put(row);
    put.onsuccess = function () {
      form.reset(); form.removeAttribute("data-id"); form.removeAttribute("data-at");
      said.textContent = hi ? "लिख लिया। नेटवर्क आते ही भेजा जाएगा।" : "Written down. It is sent when the network is back.";
      show(); send();
    };
  });
  // a token of this moment: the page itself may be days old
  function token() {
    return fetch(location.href, { credentials: "same-origin", cache: "no-store" }).then(function (r) {
      if (!r.ok || r.redirected) throw new Error("signed out");
      return r.text();
    }).then(function (html) { return new DOMParser().parseFromString(html, "text/html").querySelector("[name=csrfmiddlewaretoken]").value; });
  }
  function send() {
    if (busy || !navigator.onLine) return;
    busy = true;
    all(function (rows) {
      if (!rows.length) { busy = false; return; }
      token().then(function (t) {
        return rows.reduce(function (before, row) {
          return before.then(function () {
            var body = new URLSearchParams();
            Object.keys(row).forEach(function (n) { if (n !== "said") body.set(n, row[n]); });
            body.set("csrfmiddlewaretoken", t);
            return fetch(form.getAttribute("data-sync"), { method: "POST", body: body, credentials: "same-origin" }).then(function (r) { return r.json(); }).then(function (answer) {
              return new Promise(function (done) {
                var s = store("readwrite"), ask;
                if (answer.number) { ask = s.delete(row.complaint_id); q("[data-said]").textContent = (hi ? "भेजी गई: " : "Sent: ") + answer.number; }
                else { row.said = Object.keys(answer.wrong || {}).map(function (n) { return answer.wrong[n]; }).join(" "); ask = s.put(row); }
                ask.onsuccess = done;
              });
            });
          });
        }, Promise.resolve());
      }).catch(function () {}).then(function () { busy = false; show(); });
    });
  }
  window.addEventListener("online", function () { net(); send(); });
  window.addEventListener("offline", net);
  q("[data-send]").addEventListener("click", send);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(function () {});
  net(); open(function () { show(); send(); });
})();
