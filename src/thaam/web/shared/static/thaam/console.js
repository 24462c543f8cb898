/* The console while typing: timers, what is recognised, the script by focus, the command line, the call kept on this computer. */
(function () {
  "use strict";
  var d = document, form = d.getElementById("call");
  if (!form) return;
  var hi = d.documentElement.lang !== "en", KEY = "thaam-call";
  function $(id) { return d.getElementById(id); }
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function latin(s) { return s.replace(/[०-९]/g, function (c) { return c.charCodeAt(0) - 0x966; }); }
  // timers
  var fraud = null, nowAt = null, when = $("choice_0"), clock = $("clock_0"), onBox = form.querySelector("[data-on]");
  function fraudTime() {
    var m = latin(clock.value).match(/^(\d{1,2})[:.](\d{2})$/), ist = new Date(Date.now() + 330 * 60000);
    if (when.value === "now" && !m) { nowAt = nowAt || Date.now(); return nowAt; }
    if (!m) return when.value === "hour" ? Date.now() - 30 * 60000 : null;
    var day = Date.UTC(ist.getUTCFullYear(), ist.getUTCMonth(), ist.getUTCDate(), +m[1], +m[2]) - 330 * 60000;
    if (when.value === "yesterday") day -= 86400000;
    if (when.value === "date" && onBox.value) day = Date.parse(onBox.value + "T" + two(+m[1]) + ":" + m[2] + ":00+05:30");
    return day;
  }
  function tick() {
    fraud = fraudTime();
    var big = form.querySelector("[data-fraud-timer]"), track = form.querySelector("[data-track]"), left = form.querySelector("[data-golden-left]"), word = form.querySelector("[data-golden-word]");
    if (fraud === null) { big.textContent = "--:--"; track.style.width = "0"; left.textContent = ""; return; }
    var t = Math.max(0, Math.floor((Date.now() - fraud) / 1000)), h = Math.floor(t / 3600);
    big.textContent = (h ? h + ":" : "") + two(Math.floor(t / 60) % 60) + ":" + two(t % 60);
    track.style.width = Math.min(100, t / 36) + "%";
    word.textContent = t <= 3600 ? (hi ? "गोल्डन आवर" : "Golden hour") : t <= 86400 ? (hi ? "जल्दी" : "Soon") : (hi ? "देर से" : "Late");
    left.textContent = t < 3600 ? two(Math.floor((3600 - t) / 60)) + ":" + two((3600 - t) % 60) + (hi ? " बाकी" : " left") : "";
  }
  setInterval(tick, 1000); tick();
  form.querySelectorAll("[data-when]").forEach(function (b) {
    b.addEventListener("click", function () {
      when.value = b.getAttribute("data-when"); nowAt = null;
      onBox.hidden = when.value !== "date";
      (when.value === "now" ? $("amount_0") : when.value === "date" ? onBox : clock).focus(); tick();
    });
  });
  when.addEventListener("change", function () { onBox.hidden = when.value !== "date"; nowAt = null; tick(); });
  // what is recognised
  var timer = null;
  function say(row, name, text, tone) {
    var e = row.querySelector('[data-said="' + name + '"]');
    if (e) { e.textContent = text || ""; e.className = "under" + (tone ? " " + tone : ""); }
  }
  var asked = 0;
  function look() {
    var mine = ++asked;
    form.querySelectorAll(".debit").forEach(function (row) {
      var n = row.getAttribute("data-row"), q = new URLSearchParams();
      ["amount", "bank", "reference", "to"].forEach(function (k) { var e = $(k + "_" + n); if (e) q.set(k, e.value); });
      if (n !== "0" && !$("amount_" + n).value) return;
      fetch(form.getAttribute("data-look") + "?" + q, { credentials: "same-origin" }).then(function (r) { return r.json(); }).then(function (said) {
        if (mine !== asked) return; // a later question is under way: an old answer must not blot it out
        say(row, "amount", said.amount); say(row, "bank", said.bank, "ok");
        say(row, "reference", (said.reference[1] ? "✓ " : "") + said.reference[0], said.reference[0] ? (said.reference[1] ? "ok" : "odd") : "");
        if (n !== "0") return;
        var el = form.querySelector("[data-elsewhere]"), same = form.querySelector("[data-same]"), out = form.querySelector("[data-same-said]");
        el.hidden = !said.elsewhere;
        if (said.elsewhere) el.textContent = hi ? said.elsewhere[0] + " शिकायतों में यही खाता · " + said.elsewhere[1] + " बताए गए" : "The same account in " + said.elsewhere[0] + " complaints · " + said.elsewhere[1] + " told of";
        var open = said.same.filter(function (s) { return !form.querySelector('[name=apart][value="' + s.id + '"]'); });
        same.hidden = !open.length; out.textContent = "";
        open.forEach(function (s) { out.appendChild(sameMatter(s)); });
      }).catch(function () {});
    });
  }
  // the same payment told before: go on in that complaint, or say that it is not the same (kept with this call)
  function sameMatter(s) {
    var p = d.createElement("p"), a = d.createElement("a"), b = d.createElement("button");
    a.href = s.url; a.textContent = (hi ? "यही UTR: " : "Same UTR: ") + s.number + (hi ? " · उसी में लिखें" : " · go on there");
    b.type = "button"; b.className = "open small"; b.textContent = hi ? "अलग है" : "Not the same"; b.style.marginLeft = "8px";
    b.addEventListener("click", function () {
      var e = d.createElement("input"); e.type = "hidden"; e.name = "apart"; e.value = s.id; form.appendChild(e); look();
    });
    p.appendChild(a); p.appendChild(b);
    return p;
  }
  form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(look, 250); keep(); });
  // rows
  function shut() { form.querySelectorAll(".debit[data-shut]").forEach(function (r) { r.hidden = true; }); }
  function nextRow() {
    var r = form.querySelector(".debit[data-shut]");
    if (!r) return;
    r.removeAttribute("data-shut"); r.hidden = false;
    var b = r.querySelector("[name^=bank_]"); b.value = b.value || $("bank_0").value; r.querySelector("[name^=amount_]").focus();
  }
  shut();
  form.querySelector("[data-next-row]").addEventListener("click", nextRow);
  // script
  form.addEventListener("focusin", function (e) {
    var now = form.querySelector('[data-for-field="' + e.target.name + '"]'), past = true;
    if (!now) return;
    form.querySelectorAll("[data-for-field]").forEach(function (li) {
      if (li === now) { li.className = "say-now"; past = false; } else li.className = past ? "said" : "next";
    });
  });
  // kept on this computer until sent
  function keep() {
    var all = {};
    Array.prototype.forEach.call(form.elements, function (e) { if (e.name && e.name !== "csrfmiddlewaretoken" && e.value) all[e.name] = e.value; });
    try { localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), all: all })); } catch (e) { /* full or forbidden: nothing lost on the page */ }
  }
  try {
    var old = JSON.parse(localStorage.getItem(KEY) || "null");
    if (old && Date.now() - old.at < 3600000 && !$("amount_0").value && !$("mobile").value) {
      Object.keys(old.all).forEach(function (n) { var e = form.elements[n]; if (e && !e.length) e.value = old.all[n]; else if (e && e.tagName === "SELECT") e.value = old.all[n]; });
      look();
    }
  } catch (e) { /* nothing kept */ }
  form.addEventListener("submit", function () { try { localStorage.removeItem(KEY); } catch (e) { /* nothing kept */ } });
  // a bank's SMS: Alt V, then paste; what it says goes into the form, the message itself into the story
  var paste = form.querySelector("[data-paste]"), pasted = form.querySelector("[data-pasted]");
  function readSms(text) {
    var body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, message: text });
    fetch(form.getAttribute("data-sms"), { method: "POST", body: body, credentials: "same-origin" }).then(function (r) { return r.json(); }).then(function (said) {
      pasted.textContent = said.why_not || (hi ? said.of + " में " + said.found + " मिले" : said.found + " of " + said.of + " found");
      if (said.why_not) return;
      Object.keys(said.values).forEach(function (k) { var e = k === "on" ? onBox : $(k + "_0"); if (e) e.value = said.values[k]; });
      onBox.hidden = when.value !== "date"; nowAt = null;
      $("story").value = "[SMS: " + text.replace(/\s+/g, " ").trim() + "]";
      look(); keep(); tick(); ($("mobile").value ? form.querySelector('[data-key="F9"]') : $("mobile")).focus();
    }).catch(function () {});
  }
  paste.addEventListener("click", function () { pasted.textContent = hi ? "अब Ctrl V" : "Now Ctrl V"; $("cmd").focus(); });
  d.addEventListener("paste", function (e) {
    var text = e.clipboardData ? e.clipboardData.getData("text") : "";
    if (text.length < 40 || e.target.name === "story" || !/\d/.test(text)) return;
    e.preventDefault(); readSms(text);
  });
  // command line
  var cmd = $("cmd"), echo = d.querySelector(".cmd .echo"), cmdTimer = null, last = null;
  function obey(done) {
    fetch(form.getAttribute("data-command") + "?line=" + encodeURIComponent(cmd.value), { credentials: "same-origin" }).then(function (r) { return r.json(); }).then(function (said) {
      last = said; echo.textContent = "";
      said.echo.forEach(function (p) { var b = d.createElement("b"), s = d.createElement("span"); b.textContent = p[0]; s.textContent = p[1]; echo.appendChild(b); echo.appendChild(s); });
      if (done) done(said);
    }).catch(function () {});
  }
  function fill(said) {
    if (said.action === "find") { location.href = form.getAttribute("data-find") + "?q=" + encodeURIComponent(said.values.q); return; }
    if (said.action === "row") { nextRow(); cmd.value = ""; return; }
    if (said.action === "bank_sheet") { window.open(form.getAttribute("data-sheet").replace("X", said.values.bank), "_blank"); cmd.value = ""; return; }
    if (said.action === "call_back" || said.action === "drop") { d.dispatchEvent(new CustomEvent("thaam-task", { detail: said })); cmd.value = ""; return; }
    var to = { amount: "amount_0", bank: "bank_0", reference: "reference_0", vpa: "to_0", mobile: "mobile" };
    Object.keys(said.values).forEach(function (k) { if (to[k]) $(to[k]).value = said.values[k]; });
    if (said.action === "hold") { cmd.value = ""; look(); keep(); tick(); ($("mobile").value ? form.querySelector('[data-key="F9"]') : $("mobile")).focus(); }
  }
  cmd.addEventListener("input", function () { clearTimeout(cmdTimer); cmdTimer = setTimeout(obey, 150); });
  cmd.addEventListener("keydown", function (e) { if (e.key === "Enter") { e.preventDefault(); obey(fill); } });
  d.addEventListener("keydown", function (e) {
    // no field of the call takes a stroke but these, so it leads to the command line from wherever the operator is
    if (e.key === "/" && e.target !== cmd && !/^(story|name|district)$/.test(e.target.name) && e.target.type !== "date") { e.preventDefault(); cmd.focus(); }
    if (e.key === "F9" && cmd.value) { e.preventDefault(); e.stopImmediatePropagation(); obey(function (said) { fill(said); form.requestSubmit(); }); }
  }, true);
})();
