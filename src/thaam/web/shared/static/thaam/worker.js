/* Keeps the start page and the offline page of both languages; a page that cannot be fetched becomes the offline page. */
"use strict";
var KEPT = "thaam-1", PAGES = ["/hi/", "/en/", "/hi/offline", "/en/offline", "/static/thaam/shared.css", "/static/thaam/citizen.css"];
self.addEventListener("install", function (e) { e.waitUntil(caches.open(KEPT).then(function (c) { return c.addAll(PAGES); }).then(function () { return self.skipWaiting(); })); });
self.addEventListener("activate", function (e) { e.waitUntil(caches.keys().then(function (names) { return Promise.all(names.filter(function (n) { return n !== KEPT; }).map(function (n) { return caches.delete(n); })); })); });
self.addEventListener("fetch", function (e) {
  if (e.request.method !== "GET" || new URL(e.request.url).origin !== self.location.origin) return;
  if (e.request.mode === "navigate") {
    e.respondWith(fetch(e.request).catch(function () {
      return caches.match(e.request).then(function (kept) { return kept || caches.match(e.request.url.indexOf("/en/") > 0 ? "/en/offline" : "/hi/offline"); });
    }));
  } else if (/\/static\/thaam\/(shared|citizen)\.css$/.test(e.request.url)) {
    e.respondWith(fetch(e.request).catch(function () { return caches.match(e.request, { ignoreSearch: true }); }));
  }
});
