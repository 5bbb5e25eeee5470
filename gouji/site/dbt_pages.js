// What dbt's documentation and the lineage keep from those who listen to a page or use its keys:
// buttons with an icon and no name, tabs that lead to no panel, regions that only a mouse scrolls.
// Both pages are drawn in the browser, and again at every choice.
"use strict";
(function () {
  // The first that fits. Names are those of the page's own tooltips where it has one.
  const NAMES = [
    ["[ng-click='closeGraph()']", "Close the graph"],
    ["[id$='-trigger-info']", "Information"],
    ["[id$='-trigger-code']", "Code"],
    [".left-0 > :has(> .lucide-plus)", "Load upstream models"],
    [".right-0 > :has(> .lucide-plus)", "Load downstream models"],
    [".left-0 > :has(> .lucide-minus)", "Hide upstream models"],
    [".right-0 > :has(> .lucide-minus)", "Hide downstream models"],
    [":has(> .lucide-chevron-down)", "Show or hide the columns"],
    [":has(> .lucide-maximize-2)", "Full screen"],
    [":has(> .lucide-minimize-2)", "Leave full screen"],
    [":has(> .lucide-arrow-left)", "Expand upstream"],
    [":has(> .lucide-arrow-right)", "Expand downstream"],
    [":has(> .lucide-focus)", "Focus mode"],
    [":has(> .lucide-layout-grid)", "Reorganize layout"],
    [":has(> .lucide-swatch-book)", "Show or hide the legend"],
    [":has(> .lucide-copy)", "Copy"],
  ];
  const REGIONS = ".detail-body, .table-responsive, pre, [class*='overflow-y-auto'], [class*='overflow-auto']";

  // a button that gets another icon gets another name
  const named = new WeakSet();

  function nameButtons() {
    for (const button of document.querySelectorAll("button:not([title])")) {
      if (button.textContent.trim() || (button.hasAttribute("aria-label") && !named.has(button))) continue;
      const found = NAMES.find(([selector]) => button.matches(selector));
      if (!found) continue;
      named.add(button);
      button.setAttribute("aria-label", found[1]);
    }
  }

  function freeTabs() {
    for (const tab of document.querySelectorAll("[role=tab][aria-controls]")) {
      if (!document.getElementById(tab.getAttribute("aria-controls"))) tab.removeAttribute("aria-controls");
    }
  }

  function openRegions() {
    for (const region of document.querySelectorAll(REGIONS)) {
      const scrolls = region.scrollHeight > region.clientHeight || region.scrollWidth > region.clientWidth;
      if (scrolls && !region.hasAttribute("tabindex")) region.tabIndex = 0;
    }
  }

  let asked = false;
  function mend() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(function () {
      asked = false;
      nameButtons();
      freeTabs();
      openRegions();
    });
  }

  new MutationObserver(mend).observe(document, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["class"],
  });
  addEventListener("resize", mend);
})();
