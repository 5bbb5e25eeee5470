// Explains a marked cell where one points at it, focuses or taps it, with the entries of the list below.
"use strict";
(function () {
  const LEAVING = 250;
  let box = null;
  let shownFor = null;
  let leaving = 0;
  let touched = false;

  function close() {
    clearTimeout(leaving);
    if (box) box.remove();
    box = shownFor = null;
    for (const cell of document.querySelectorAll(".on-left, .on-right")) cell.classList.remove("on-left", "on-right");
  }

  // An entry of the list, in short: its cells of 0 are counted, not listed.
  function inShort(name) {
    const entry = document.getElementById(name);
    const section = document.createElement("section");
    for (const part of entry.querySelectorAll("h3, .said, .terms:not(details *), summary, .slips, .slips + ul")) {
      let copy = part.cloneNode(true);
      copy.removeAttribute("id");
      if (part.tagName === "SUMMARY") {
        copy = document.createElement("p");
        copy.append(...part.cloneNode(true).childNodes);
      }
      section.append(copy);
    }
    for (const link of section.querySelectorAll("a")) link.replaceWith(...link.childNodes);
    for (const row of entry.querySelectorAll("tr[data-side]")) {
      const link = row.querySelector('a[href^="#"]');
      const cell = link && document.getElementById(link.hash.slice(1));
      if (cell && cell.tagName === "TD") cell.classList.add("on-" + row.dataset.side);
    }
    return section;
  }

  function place(link) {
    const cell = link.closest("td").getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(cell.left, width - box.offsetWidth - 8));
    const below = cell.bottom + 6;
    const fits = below + box.offsetHeight <= window.innerHeight || cell.top < box.offsetHeight + 6;
    const top = fits ? below : cell.top - box.offsetHeight - 6;
    box.style.left = left + window.scrollX + "px";
    box.style.top = top + window.scrollY + "px";
  }

  function show(link) {
    clearTimeout(leaving);
    if (shownFor === link) return;
    close();
    shownFor = link;
    box = document.createElement("div");
    box.className = "explanation";
    box.setAttribute("role", "tooltip");
    box.append(...link.dataset.issues.split(" ").map(inShort));
    box.addEventListener("pointerenter", () => clearTimeout(leaving));
    box.addEventListener("pointerleave", leave);
    document.body.append(box);
    place(link);
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(close, LEAVING);
  }

  for (const link of document.querySelectorAll("a[data-issues]")) {
    link.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(link); });
    link.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") leave(); });
    link.addEventListener("focus", () => { if (!touched) show(link); });
    link.addEventListener("blur", leave);
    // the first tap explains, the second leads to the list
    link.addEventListener("pointerdown", (event) => { touched = event.pointerType !== "mouse"; });
    link.addEventListener("click", (event) => {
      const isFirst = touched && shownFor !== link;
      touched = false;
      if (isFirst) {
        event.preventDefault();
        show(link);
      } else {
        close();
      }
    });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("pointerdown", (event) => {
    if (box && !box.contains(event.target) && !event.target.closest("a[data-issues]")) close();
  });
})();
