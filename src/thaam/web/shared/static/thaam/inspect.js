/* Inspections without network: the checklists are kept on the phone as soon as their list or one of them is opened (nothing
   of a case is on them); a visit is kept too (IndexedDB, photos too) and sent when the network is back. Its id is made
   here, so that one visit arrives once however often it is sent. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-offline]");
  const keep = async () => {
    if (!navigator.onLine || !window.caches || !("serviceWorker" in navigator)) return;
    await navigator.serviceWorker.register("/sw.js");
    const sheets = [...document.querySelectorAll('a[href*="/inspections/new/"]')].map((link) => link.href);
    if (form) sheets.push(location.href);
    const parts = [...document.querySelectorAll("link[rel=stylesheet],script[src]")].map((part) => part.href || part.src);
    const kept = await caches.open("thaam-camp");
    const got = await Promise.all([...sheets, ...parts].map(async (address) => {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await kept.put(address, answer);
      return answer.ok && !answer.redirected;
    }));
    const said = document.getElementById("kept");
    if (said && got.every(Boolean)) said.hidden = false;
  };
  keep().catch(() => {});
  if (!form || !window.indexedDB) return;
  // a page kept for weeks offers no day that has gone
  const today = new Date(Date.now() + 19800000).toISOString().slice(0, 10);
  for (const box of form.querySelectorAll("input[type=date]")) {
    if (box.value && box.value < today) box.value = new Date(Date.now() + 19800000 + form.dataset.days * 86400000).toISOString().slice(0, 10);
  }
  const note = document.getElementById("waiting");
  const opened = new Promise((yes, no) => {
    const asked = indexedDB.open("thaam-visits", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("visits", { keyPath: "id" });
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });
  const act = async (mode, doing) => {
    const base = await opened;
    return new Promise((yes, no) => {
      const asked = doing(base.transaction("visits", mode).objectStore("visits"));
      asked.onsuccess = () => yes(asked.result);
      asked.onerror = () => no(asked.error);
    });
  };
  const show = async () => {
    const kept = await act("readonly", (store) => store.count());
    note.hidden = !kept;
    note.textContent = kept ? `${note.dataset.one} ${kept}` : "";
  };
  // a token of this moment: the page itself may be days old
  const token = async () => {
    const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return (page.querySelector("form[data-offline] [name=csrfmiddlewaretoken]") || { value: "" }).value;
  };
  const send = async (visit) => {
    const body = new FormData();
    for (const [name, value, file] of visit.fields) file ? body.append(name, value, file) : body.append(name, value);
    body.set("csrfmiddlewaretoken", await token());
    const answer = await fetch(visit.to, { method: "POST", body, credentials: "same-origin", redirect: "follow" });
    // it is in only when the answer is its own page: a sign-in page answers 200 too, and then the visit stays here
    if (answer.ok && answer.redirected && /\/inspections\/[0-9a-f-]{36}$/.test(new URL(answer.url).pathname)) {
      await act("readwrite", (store) => store.delete(visit.id));
      return true;
    }
    return false;
  };
  const flush = async () => {
    let stuck = false;
    for (const visit of await act("readonly", (store) => store.getAll())) {
      try { stuck = !(await send(visit)) || stuck; } catch { break; }
    }
    await show();
    if (stuck) note.textContent = note.dataset.stuck;
  };
  const stamp = () => {
    form.querySelector("[data-now]").value = new Date().toISOString();
    if (!form.dataset.stamped) { form.querySelector("[data-uuid]").value = crypto.randomUUID ? crypto.randomUUID() : form.querySelector("[data-uuid]").value; form.dataset.stamped = "1"; }
  };
  form.addEventListener("submit", async (event) => {
    stamp();
    if (navigator.onLine) return;
    event.preventDefault();
    const open = [...form.querySelectorAll("fieldset")].find((set) => set.querySelector("[type=radio]") && !set.querySelector("[type=radio]:checked"));
    const missing = form.place.value.trim() ? open && open.querySelector("[type=radio]") : form.place;
    if (missing) {
      note.hidden = false;
      note.textContent = note.dataset.left;
      missing.focus();
      return;
    }
    const fields = [];
    for (const [name, value] of new FormData(form)) fields.push(value instanceof File ? [name, value, value.name] : [name, value]);
    await act("readwrite", (store) => store.put({ id: form.querySelector("[data-uuid]").value, to: form.action || location.href, fields }));
    form.reset();
    delete form.dataset.stamped;
    show();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "radio") {
      const more = event.target.closest("fieldset").querySelector("details");
      if (more) more.open = event.target.value === "not_ok";
    }
  });
  window.addEventListener("online", flush);
  flush();
})();
