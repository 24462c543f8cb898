/* Optional on every page: words under a typed sum, a number read in fours, the time chooser's date box, the worker. */
(function () {
  "use strict";
  var d = document, hi = d.documentElement.lang !== "en";
  var ONES = "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे इक्यानवे बानवे तिरानवे चौरानवे पंचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे".split(" ");
  var EN = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
  var TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
  var STEPS = [[1e7, "करोड़", "crore"], [1e5, "लाख", "lakh"], [1000, "हज़ार", "thousand"], [100, "सौ", "hundred"]];
  function below(n) { return hi ? ONES[n] : n < 20 ? EN[n] : TENS[Math.floor(n / 10)] + (n % 10 ? "-" + EN[n % 10] : ""); }
  function count(n) {
    var out = [];
    STEPS.forEach(function (s) { if (n >= s[0]) { out.push(count(Math.floor(n / s[0])), hi ? s[1] : s[2]); n %= s[0]; } });
    if (n || !out.length) out.push(below(n));
    return out.join(" ");
  }
  function latin(s) { return s.replace(/[०-९]/g, function (c) { return c.charCodeAt(0) - 0x966; }); }
  d.querySelectorAll("[data-words-for]").forEach(function (p) {
    var input = d.getElementById(p.getAttribute("data-words-for"));
    function say() {
      var m = latin(input.value).replace(/[₹,\s]/g, "").match(/^(\d{1,10})(\.\d{0,2})?$/);
      p.textContent = m && +m[1] ? count(+m[1]) + (hi ? " रुपये" : " rupees") : "";
    }
    input.addEventListener("input", say); say();
  });
  [["on", "choice", "date"], ["bank_other", "bank", "other"]].forEach(function (rule) {
    var box = d.getElementById(rule[0]), radios = d.querySelectorAll("input[name=" + rule[1] + "]");
    if (!box || !radios.length) return;
    var show = function () {
      var c = d.querySelector("input[name=" + rule[1] + "]:checked"), want = (c && c.value === rule[2]) || box.value;
      [d.querySelector("label[for=" + rule[0] + "]"), d.getElementById(rule[0] + "-hint"), box].forEach(function (e) { if (e) e.hidden = !want; });
    };
    radios.forEach(function (r) { r.addEventListener("change", show); });
    show();
  });
  // Without network the form waits on the page and goes by itself when the network is back: one form, one complaint.
  var waiting = null;
  d.querySelectorAll("form").forEach(function (f) {
    f.addEventListener("submit", function (e) {
      if (!navigator.onLine) {
        e.preventDefault(); waiting = f;
        if (!d.getElementById("no-network")) {
          var band = d.createElement("div");
          band.id = "no-network"; band.className = "band"; band.setAttribute("role", "status");
          band.innerHTML = hi ? '<strong>नेटवर्क नहीं है।</strong> नेटवर्क आते ही भेज देंगे, यह पन्ना खुला रखें। <a href="tel:1930">1930 पर कॉल करें</a>' : '<strong>No network.</strong> We will send it as soon as the network is back; keep this page open. <a href="tel:1930">Call 1930</a>';
          f.appendChild(band); band.scrollIntoView({ block: "center" });
        }
        return;
      }
      setTimeout(function () { f.querySelectorAll("button").forEach(function (b) { b.disabled = true; }); }, 0);
    });
  });
  window.addEventListener("online", function () { if (waiting) { var f = waiting; waiting = null; f.submit(); } });
  window.addEventListener("pageshow", function () { d.querySelectorAll("button[disabled]").forEach(function (b) { if (!b.hasAttribute("data-off")) b.disabled = false; }); });
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(function () {});
})();
