/* The balancing answer while typing: what is left after each line, the bar, and whether it may be sent. The server checks again. */
(function () {
  "use strict";
  var d = document, form = d.querySelector("form[data-asked]");
  if (!form) return;
  var asked = +form.getAttribute("data-asked"), left = form.querySelector("[data-left]"), send = form.querySelector("[data-send]");
  var bar = form.querySelector("[data-bar] .bar"), say = form.querySelector("[data-say]"), first = say.textContent, rest = form.querySelector("[data-hold-rest]");
  var hi = d.documentElement.lang !== "en";
  var TEXTURE = { hold: "held", transfer: "looking", small: "passed", lien: "passed", returned: "back", unknown: "unexplained" };
  function latin(s) { return s.replace(/[०-९]/g, function (c) { return c.charCodeAt(0) - 0x966; }); }
  function paise(s) {
    var m = latin(s).replace(/[₹,\s]/g, "").match(/^(\d{1,12})(?:\.(\d{1,2}))?$/);
    return m ? +m[1] * 100 + +((m[2] || "0") + "0").slice(0, 2) : 0;
  }
  function rs(p) {
    var neg = p < 0, s = String(Math.floor(Math.abs(p) / 100)), tail = s.slice(-3), head = s.slice(0, -3), cents = Math.abs(p) % 100;
    head = head.replace(/\B(?=(\d{2})+(?!\d))/g, ",");
    return (neg ? "−" : "") + "₹" + (head ? head + "," : "") + tail + (cents ? "." + (cents < 10 ? "0" : "") + cents : "");
  }
  function rows() { return Array.prototype.slice.call(form.querySelectorAll("tr[data-row]")); }
  function reckon() {
    var rest_ = asked, sum = 0, parts = [];
    rows().forEach(function (tr) {
      var what = tr.querySelector("select").value, p = paise(tr.querySelector("input.sum").value);
      tr.querySelectorAll("[data-for]").forEach(function (e) {
        var f = e.getAttribute("data-for");
        e.hidden = !(what && (f === what || (f === "other" && what !== "hold" && what !== "transfer")));
      });
      rest_ -= p; sum += p;
      if (p) parts.push([TEXTURE[what] || (what ? "gone" : "due"), p]);
      tr.querySelector("[data-after]").textContent = p ? rs(rest_) : "";
    });
    if (rest_ > 0) parts.push(["due", rest_]);
    left.textContent = rs(rest_) + (rest_ === 0 ? " ✓" : "");
    left.className = "f left" + (rest_ === 0 ? " zero" : "");
    if (bar) bar.innerHTML = parts.map(function (p) { return '<span class="' + p[0] + '" style="flex:' + p[1] + ' 0 0"></span>'; }).join("");
    form.querySelector("[data-sum]").textContent = rs(sum);
    form.querySelector("[data-equal]").textContent = rest_ === 0 ? (hi ? "✓ माँगी रकम के बराबर" : "✓ equals the disputed credit") : "";
    send.disabled = rest_ !== 0;
    say.textContent = rest_ === 0 ? (hi ? "भेजने पर: रोकी रकम रुकी रहेगी, अगले बैंक को तुरंत अनुरोध जाएगा।" : "On sending: the held sum stays on hold, the next bank is asked at once.")
      : rest_ > 0 ? (hi ? rs(rest_) + " का हिसाब बाकी है।" : rs(rest_) + " is left to explain.")
      : (hi ? "जोड़ " + rs(-rest_) + " ज़्यादा है।" : "The lines say " + rs(-rest_) + " too much.");
    if (rest_ === 0) { say.classList.remove("stop"); say.removeAttribute("role"); }
    rest.hidden = rest_ <= 0;
    return rest_;
  }
  /* How much of the typed balance no hold has: the server knows the book, the page does not. */
  function ask(then) {
    var balance = form.querySelector("#balance").value, where = form.getAttribute("data-free");
    if (!balance) return then(-1);
    if (!where) return then(paise(balance));
    fetch(where + "?" + new URLSearchParams({ account: form.querySelector("#account").value, balance: balance }), { credentials: "same-origin" })
      .then(function (r) { return r.json(); })
      .then(function (said) {
        var free = "free_paise" in said ? said.free_paise : paise(balance), box = d.querySelector("[data-book]");
        if ("free_paise" in said && box) { box.hidden = false; box.querySelector("[data-headroom]").textContent = rs(free); }
        then(free);
      }, function () { then(paise(balance)); });
  }
  form.addEventListener("change", function (e) { if (e.target.id === "balance" || e.target.id === "account") ask(function () {}); });
  form.addEventListener("input", reckon); form.addEventListener("change", reckon);
  function grow() {
    var all = rows(), last = all[all.length - 1], tr = last.cloneNode(true);
    tr.querySelectorAll("[name]").forEach(function (e) {
      e.name = e.name.replace(/\d+$/, all.length); e.removeAttribute("aria-invalid");
      if (e.type !== "date" && e.tagName !== "SELECT") e.value = "";
      if (e.hasAttribute("aria-label")) e.setAttribute("aria-label", e.getAttribute("aria-label").replace(/\d+$/, all.length + 1));
    });
    tr.querySelectorAll(".wrong").forEach(function (e) { e.remove(); });
    tr.cells[0].textContent = all.length + 1;
    last.after(tr);
    return tr;
  }
  send.addEventListener("refused", function () {
    reckon(); say.classList.add("stop"); say.setAttribute("role", "alert");
    var open = rows().filter(function (tr) { return !tr.querySelector("input.sum").value; })[0];
    if (open) open.querySelector("select").focus();
  });
  rest.addEventListener("click", function () {
    ask(function (room) {
      var r = reckon(), row = rows().filter(function (tr) { return !tr.querySelector("input.sum").value; })[0];
      if (r <= 0) return;
      row = row || grow();
      row.querySelector("select").value = "hold";
      row.querySelector("input.sum").value = rs(room >= 0 ? Math.min(room, r) : r).slice(1);
      reckon(); setTimeout(function () { row.querySelector("[name^=lien]").focus(); }, 0);
    });
  });
  first = first || ""; reckon();
})();
