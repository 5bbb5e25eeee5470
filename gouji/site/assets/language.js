// Chinese or English: one class of elements is hidden by site.css, and texts that are no elements
// (titles, options, labels) are exchanged here. The first time it is the browser's language, Chinese or else English; the
// choice is kept where the browser allows it.
"use strict";
(function () {
  const KEY = "gouji-language";
  const page = document.documentElement;

  function kept() {
    try { return localStorage.getItem(KEY); } catch { return null; }
  }

  function keep(language) {
    try { localStorage.setItem(KEY, language); } catch { /* from a folder, some browsers keep nothing */ }
  }

  function exchange(within) {
    for (const element of within.querySelectorAll("[data-zh][data-en]")) {
      const text = element.dataset[page.dataset.language];
      if (element.dataset.attribute) element.setAttribute(element.dataset.attribute, text);
      else element.textContent = text;
    }
  }

  function show(language) {
    page.dataset.language = language;
    page.lang = language === "zh" ? "zh-Hans" : "en";
  }

  const ofBrowser = () => ((navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en");

  // before the page is drawn
  show(["zh", "en"].includes(kept()) ? kept() : ofBrowser());

  document.addEventListener("DOMContentLoaded", function () {
    exchange(document);
    const button = document.getElementById("language");
    button.hidden = false;
    button.addEventListener("click", function () {
      const language = page.dataset.language === "zh" ? "en" : "zh";
      show(language);
      keep(language);
      exchange(document);
      document.dispatchEvent(new CustomEvent("gouji-language", { detail: language }));
    });
  });
})();
