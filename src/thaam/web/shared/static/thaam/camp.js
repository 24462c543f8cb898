/* A camp without a network: reports are written down in this computer's IndexedDB, sealed under the camp's PIN (vault.js),
   and handed over once, each under its own id. */
(function () {
  "use strict";
  var d = document, form = d.querySelector("[data-capture]");
  if (!form) return;
  var hi = d.documentElement.lang !== "en", base = null, busy = false, vault = window.thaamVault, IDLE_MS = 600000, idle = null, lock = null;
  function q(s) { return d.querySelector(s); }
  function id() {
    var b = crypto.getRandomValues(new Uint8Array(16)), t = Date.now();
    for (var i = 5; i >= 0; i--) { b[i] = t % 256; t = Math.floor(t / 256); }
    b[6] = (b[6] & 15) | 112; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return (x < 16 ? "0" : "") + x.toString(16); }).join("");
    return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
  }
  function say(words) { q("[data-said]").textContent = words; }
  function asked(ask) { return new Promise(function (done, failed) { ask.onsuccess = function () { done(ask.result); }; ask.onerror = failed; }); }
  function open() {
    var ask = indexedDB.open("thaam-camp", 2);
    ask.onupgradeneeded = function (e) {
      if (e.oldVersion < 1) ask.result.createObjectStore("reports", { keyPath: "complaint_id" });
      if (e.oldVersion < 2) ask.result.createObjectStore("locks", { keyPath: "name" });
    };
    return asked(ask).then(function (found) { base = found; });
  }
  function store(name, mode) { return base.transaction(name, mode).objectStore(name); }
  function kept() { return asked(store("reports", "readonly").getAll()); }
  function drop(row) { return asked(store("reports", "readwrite").delete(row.complaint_id)); }
  function write(row) {
    return vault.seal(row.complaint_id, row).then(function (sealed) {
      return asked(store("reports", "readwrite").put({ complaint_id: row.complaint_id, iv: sealed.iv, box: sealed.box }));
    });
  }
  // rows of an older page lie open: reading them seals them
  function read(row) { return row.box ? vault.open(row.complaint_id, row) : write(row).then(function () { return row; }); }
  function all() { return kept().then(function (rows) { return Promise.all(rows.map(read)); }); }
  function show() {
    return kept().then(function (rows) {
      q("[data-waiting]").hidden = !rows.length; q("[data-count]").textContent = rows.length || "";
      var open = vault.can() && vault.isOpen();
      form.hidden = !open; q("[data-lock]").hidden = open; q("[data-send]").hidden = !open;
      q("[data-new-pin]").hidden = !!lock; q("[data-known-pin]").hidden = !lock;
      q("[data-list]").textContent = "";
      return open ? all().then(list) : null;
    });
  }
  function list(rows) {
    rows.forEach(function (r) {
      var li = d.createElement("li"), text = d.createElement("span");
      text.textContent = "₹" + r.amount + " · " + r.mobile + (r.name ? " · " + r.name : "") + (r.said ? " · " + r.said : "");
      li.appendChild(text);
      if (r.said) {
        var b = d.createElement("button"); b.type = "button"; b.className = "as-link"; b.textContent = hi ? "सुधारें" : "Correct";
        b.addEventListener("click", function () { Object.keys(r).forEach(function (n) { if (form.elements[n]) form.elements[n].value = r[n]; }); form.setAttribute("data-id", r.complaint_id); form.setAttribute("data-at", r.taken_at); form.elements.amount.focus(); });
        li.appendChild(d.createTextNode(" ")); li.appendChild(b);
      }
      q("[data-list]").appendChild(li);
    });
  }
  // the PIN: made once on this computer, asked for again after ten idle minutes and on every opening
  function stayOpen() { clearTimeout(idle); idle = setTimeout(function () { vault.lock(); show(); }, IDLE_MS); }
  q("[data-lock]").addEventListener("submit", function (e) {
    e.preventDefault();
    var box = q("#pin"), pin = box.value.trim(), out = q("[data-pin-said]");
    if (!vault.can()) { out.textContent = hi ? "यह पन्ना सिर्फ़ https पर बिना नेटवर्क लिख सकता है।" : "This page writes without a network only over https."; return; }
    if (pin.length < 6) { out.textContent = hi ? "कम से कम 6 अंक या अक्षर लिखें।" : "Enter at least 6 digits or letters."; return; }
    out.textContent = "";
    (lock ? vault.unlock(pin, lock) : vault.create(pin).then(function (made) { lock = made; return asked(store("locks", "readwrite").put(made)); })).then(function () {
      box.value = ""; stayOpen();
      return show().then(send);
    }).catch(function () { out.textContent = hi ? "यह PIN सही नहीं है। शिविर का PIN फिर डालें।" : "This PIN is not right. Enter the camp's PIN again."; });
  });
  d.addEventListener("input", function () { if (vault.can() && vault.isOpen()) stayOpen(); });
  function net() { q("[data-net]").textContent = navigator.onLine ? (hi ? "नेटवर्क है" : "Network is there") : (hi ? "नेटवर्क नहीं है" : "No network"); }
  form.addEventListener("submit", function (e) {
    e.preventDefault();
    var said = q("[data-said]"), row = { complaint_id: form.getAttribute("data-id") || id(), taken_at: form.getAttribute("data-at") || new Date().toISOString(), camp: form.getAttribute("data-camp") };
    Array.prototype.forEach.call(form.elements, function (el) { if (el.name) row[el.name] = el.value.trim(); });
    if (!row.amount || row.mobile.replace(/\D/g, "").length < 10) { said.textContent = hi ? "रकम और 10 अंकों का मोबाइल ज़रूरी है।" : "The amount and a mobile of 10 digits are needed."; return; }
    write(row).then(function () {
      form.reset(); form.removeAttribute("data-id"); form.removeAttribute("data-at");
      say(hi ? "लिख लिया। नेटवर्क आते ही भेजा जाएगा।" : "Written down. It is sent when the network is back.");
      return show();
    }).then(send);
  });
  // a token of this moment: the page itself may be days old
  function token() {
    return fetch(location.href, { credentials: "same-origin", cache: "no-store" }).then(function (r) {
      if (!r.ok || r.redirected) throw new Error("signed out");
      return r.text();
    }).then(function (html) { return new DOMParser().parseFromString(html, "text/html").querySelector("[name=csrfmiddlewaretoken]").value; });
  }
  function send() {
    if (busy || !navigator.onLine || !vault.isOpen()) return;
    busy = true;
    all().then(function (rows) {
      if (!rows.length) return null;
      return token().then(function (t) {
        return rows.reduce(function (before, row) { return before.then(function () { return sendOne(row, t); }); }, Promise.resolve());
      });
    }).catch(function () { /* no network after all: everything stays where it is */ }).then(function () { busy = false; return show(); });
  }
  function sendOne(row, t) {
    var body = new URLSearchParams();
    Object.keys(row).forEach(function (n) { if (n !== "said") body.set(n, row[n]); });
    body.set("csrfmiddlewaretoken", t);
    return fetch(form.getAttribute("data-sync"), { method: "POST", body: body, credentials: "same-origin" }).then(function (r) { return r.json(); }).then(function (answer) {
      if (answer.number) { say((hi ? "भेजी गई: " : "Sent: ") + answer.number); return drop(row); }
      row.said = Object.keys(answer.wrong || {}).map(function (n) { return answer.wrong[n]; }).join(" ");
      return write(row);
    });
  }
  window.addEventListener("online", function () { net(); send(); });
  window.addEventListener("offline", net);
  q("[data-send]").addEventListener("click", send);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(function () {});
  net();
  open().then(function () { return asked(store("locks", "readonly").get("pin")); }).then(function (found) { lock = found || null; return show(); });
})();
