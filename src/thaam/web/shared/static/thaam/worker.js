/* Keeps the start page and the offline page of both languages; a page that cannot be fetched becomes the offline page. */
"use strict";
var KEPT = "thaam-2", CAMP = "thaam-camp", PAGES = ["/hi/", "/en/", "/hi/offline", "/en/offline", "/static/thaam/shared.css", "/static/thaam/citizen.css"];
self.addEventListener("install", function (e) { e.waitUntil(caches.open(KEPT).then(function (c) { return c.addAll(PAGES); }).then(function () { return self.skipWaiting(); })); });
self.addEventListener("activate", function (e) { e.waitUntil(caches.keys().then(function (names) { return Promise.all(names.filter(function (n) { return n !== KEPT && n !== CAMP; }).map(function (n) { return caches.delete(n); })); })); });
self.addEventListener("fetch", function (e) {
  if (e.request.method !== "GET" || new URL(e.request.url).origin !== self.location.origin) return;
  // the camp's page, the checklists of a visit and their files stay where they were opened: a field may have no network
  var camp = /\/(police\/camp\/offline|together\/inspections\/new\/\w+)$/.test(new URL(e.request.url).pathname), part = /\/static\/thaam\/(shared\.css|staff\.css|staff\.js|live\.js|camp\.js|inspect\.js|vault\.js|mark\.svg|noto-devanagari-\d+\.woff2)/.test(e.request.url);
  if (camp || part) {
    e.respondWith(fetch(e.request).then(function (r) {
      if (r.ok && !r.redirected) { var copy = r.clone(); e.waitUntil(caches.open(CAMP).then(function (c) { return c.put(e.request, copy); })); }
      return r;
    }).catch(function () { return caches.match(e.request, { ignoreSearch: true }); }));
    return;
  }
  if (e.request.mode === "navigate") {
    e.respondWith(fetch(e.request).catch(function () {
      return caches.match(e.request).then(function (kept) { return kept || caches.match(e.request.url.indexOf("/en/") > 0 ? "/en/offline" : "/hi/offline"); });
    }));
  } else if (/\/static\/thaam\/(shared|citizen)\.css$/.test(e.request.url)) {
    e.respondWith(fetch(e.request).catch(function () { return caches.match(e.request, { ignoreSearch: true }); }));
  }
});
