/* Passkeys: the browser asks the device; what it answers goes to the server as JSON. Without scripts the app's code works. */
(function () {
  "use strict";
  var d = document, root = d.querySelector("[data-passkey]");
  if (!root) return;
  if (!window.PublicKeyCredential) { root.hidden = true; return; }
  root.hidden = false;
  var url = root.getAttribute("data-passkey"), adding = root.hasAttribute("data-adding"), out = root.querySelector("[data-said]");
  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/")), all = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) all[i] = raw.charCodeAt(i);
    return all;
  }
  function text(buffer) { return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""); }
  function post(body) {
    return fetch(url, { method: "POST", credentials: "same-origin", body: body ? JSON.stringify(body) : "", headers: { "content-type": "application/json", "x-csrftoken": d.querySelector("[name=csrfmiddlewaretoken]").value } }).then(function (r) { return r.json(); });
  }
  function known(list) { return (list || []).map(function (c) { return { type: c.type, id: bytes(c.id) }; }); }
  function told(c) {
    var r = c.response, all = { clientDataJSON: text(r.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (n) { if (r[n]) all[n] = text(r[n]); });
    return { id: c.id, rawId: text(c.rawId), type: c.type, response: all, clientExtensionResults: c.getClientExtensionResults() };
  }
  root.querySelector("button").addEventListener("click", function () {
    out.textContent = "";
    post(null).then(function (options) {
      var key = options.publicKey;
      key.challenge = bytes(key.challenge);
      if (adding) { key.user.id = bytes(key.user.id); key.excludeCredentials = known(key.excludeCredentials); return navigator.credentials.create({ publicKey: key }); }
      key.allowCredentials = known(key.allowCredentials);
      return navigator.credentials.get({ publicKey: key });
    }).then(function (credential) {
      var name = root.querySelector("[name=name]");
      return post({ credential: told(credential), name: name ? name.value : "" });
    }).then(function (said) {
      if (said.to) location.assign(said.to); else if (said.ok) location.reload(); else out.textContent = said.wrong || root.getAttribute("data-sorry");
    }).catch(function () { out.textContent = root.getAttribute("data-sorry"); });
  });
})();
