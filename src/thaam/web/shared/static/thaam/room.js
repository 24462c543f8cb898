/* The room around a page: who is on the line, who else has this page open and types, how many tasks wait. Every 3 s. */
(function () {
  "use strict";
  var d = document, root = d.querySelector("[data-room]");
  if (!root) return;
  var hi = d.documentElement.lang !== "en", typing = "", typedAt = 0, seen = "";
  function q(s) { return d.querySelector(s); }
  function token() { var e = q("[name=csrfmiddlewaretoken]"); return e ? e.value : ""; }
  d.addEventListener("input", function (e) { if (e.target.name) { typing = e.target.name; typedAt = Date.now(); } });
  function others(list) {
    var band = q("[data-others]");
    if (!band) return;
    band.hidden = !list.length;
    band.textContent = list.map(function (o) {
      return o[0] + (o[1] ? (hi ? " लिख रहे हैं (" + o[1] + ")" : " is typing (" + o[1] + ")") : (hi ? " भी यह पन्ना देख रहे हैं" : " has this page open too"));
    }).join(" · ");
  }
  function line(call) {
    var p = q("[data-line]"), mobile = d.getElementById("mobile"), ring = d.getElementById("ring");
    if (!p) return;
    p.textContent = call ? p.getAttribute("data-on-line") + " " + call.mobile + (call.reports ? " · " + call.reports + " " + p.getAttribute("data-repeat") : "") : p.getAttribute("data-by-hand");
    if (!call || call.id === seen) return;
    seen = call.id;
    var timer = q("[data-call-timer]"); if (timer) timer.setAttribute("data-since", call.since);
    if (ring && mobile && !mobile.value) { mobile.value = call.mobile; ring.value = call.id; mobile.dispatchEvent(new Event("input", { bubbles: true })); typing = ""; }
    else if (ring && mobile && mobile.value === call.mobile) ring.value = call.id;
  }
  function beat() {
    if (d.hidden) return;
    var body = new URLSearchParams({ csrfmiddlewaretoken: token(), about: root.getAttribute("data-about"), typing: Date.now() - typedAt < 5000 ? typing : "" });
    fetch(root.getAttribute("data-room"), { method: "POST", body: body, credentials: "same-origin" }).then(function (r) { return r.ok ? r.json() : null; }).then(function (said) {
      if (!said) return;
      others(said.others); line(said.call);
      var n = q("[data-tasks]"); if (n) n.textContent = said.tasks || "";
    }).catch(function () {});
  }
  beat(); setInterval(beat, 3000);
  function owe(what, minutes) {
    var mobile = d.getElementById("mobile"), out = q("[data-room-said]"), body = new URLSearchParams();
    body.set("csrfmiddlewaretoken", token()); body.set("mobile", mobile ? mobile.value : ""); body.set("what", what); body.set("minutes", minutes || "10");
    if (d.getElementById("ring")) body.set("ring", d.getElementById("ring").value);
    fetch(root.getAttribute("data-task"), { method: "POST", body: body, credentials: "same-origin", headers: { "X-Live": "1" } }).then(function (r) { return r.json(); }).then(function (said) { if (out) out.textContent = said.said; beat(); }).catch(function () {});
  }
  var drop = q("[data-drop]"), back = q("[data-call-back]");
  if (drop) drop.addEventListener("click", function () { owe("drop"); });
  if (back) back.addEventListener("click", function () { owe("call_back", "10"); });
  d.addEventListener("thaam-task", function (e) { owe(e.detail.action, e.detail.values.minutes); });
  // a field left is a field saved; the last hand counts, and the earlier word can be put back
  var auto = q("[data-autosave]"), autosaid = q("[data-autosaid]");
  function save(field, value) {
    var was = auto.elements["seen_" + field], body = new URLSearchParams();
    if (!was || !value || value === was.value) return;
    body.set("csrfmiddlewaretoken", token()); body.set(field, value); body.set("seen_" + field, was.value);
    fetch(location.pathname, { method: "POST", body: body, credentials: "same-origin", headers: { "X-Live": "1" } }).then(function (r) { return r.ok ? r.json() : null; }).then(function (said) {
      if (!said) return;
      was.value = said.now[field]; auto.elements[field].value = said.now[field];
      autosaid.textContent = "✓ " + auto.getAttribute("data-saved");
      said.overwrote.forEach(function (o) {
        var b = d.createElement("button"); b.type = "button"; b.className = "as-link"; b.textContent = auto.getAttribute("data-undo");
        b.addEventListener("click", function () { save(o.field, o.theirs); });
        autosaid.textContent = o.label + ": " + (o.who || "—") + " · “" + o.theirs + "” → “" + o.mine + "” "; autosaid.appendChild(b);
      });
    }).catch(function () {});
  }
  if (auto) auto.addEventListener("focusout", function (e) { if (e.target.name) save(e.target.name, e.target.value.trim()); });
})();
