/* What must not lie open on this computer: AES-GCM under a key made from a PIN that is kept nowhere, only in this page while it is open. */
(function () {
  "use strict";
  var ROUNDS = 600000, key = null, letters = new TextEncoder();
  function make(pin, salt) {
    return crypto.subtle.importKey("raw", letters.encode(pin), "PBKDF2", false, ["deriveKey"]).then(function (raw) {
      return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: salt, iterations: ROUNDS }, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    });
  }
  function way(id, iv) { return { name: "AES-GCM", iv: iv, additionalData: letters.encode(id) }; }
  function seal(id, thing, withKey) {
    var iv = crypto.getRandomValues(new Uint8Array(12));
    return crypto.subtle.encrypt(way(id, iv), withKey || key, letters.encode(JSON.stringify(thing))).then(function (box) { return { iv: iv, box: box }; });
  }
  function open(id, sealed, withKey) {
    return crypto.subtle.decrypt(way(id, sealed.iv), withKey || key, sealed.box).then(function (plain) { return JSON.parse(new TextDecoder().decode(plain)); });
  }
  window.thaamVault = {
    /* only over https or on this very computer */
    can: function () { return !!(window.crypto && crypto.subtle); },
    isOpen: function () { return key !== null; },
    lock: function () { key = null; },
    seal: function (id, thing) { return seal(id, thing); },
    open: function (id, sealed) { return open(id, sealed); },
    /* a new lock for this PIN, to be kept: salt and a sealed word that tells a wrong PIN from a right one */
    create: function (pin) {
      var salt = crypto.getRandomValues(new Uint8Array(16));
      return make(pin, salt).then(function (made) { return seal("lock", "thaam", made).then(function (check) { key = made; return { name: "pin", salt: salt, check: check }; }); });
    },
    /* rejects when the PIN is wrong */
    unlock: function (pin, lock) {
      return make(pin, lock.salt).then(function (made) { return open("lock", lock.check, made).then(function () { key = made; }); });
    }
  };
})();
