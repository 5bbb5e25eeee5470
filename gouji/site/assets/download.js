// Gives a table of the page as a CSV file: what is shown, in the page's language, numbers in full.
"use strict";
(function () {
  // A text that a spreadsheet would take for a formula, by signs of full width too, becomes plain text.
  const FORMULA = /^\s*[=+\-@＝＋－＠]/;

  function shown(cell) {
    if (cell.dataset.value !== undefined) return cell.dataset.value;
    const copy = cell.cloneNode(true);
    const other = document.documentElement.dataset.language === "zh" ? "en" : "zh";
    for (const element of copy.querySelectorAll(`[lang="${other}"]`)) element.remove();
    const text = copy.textContent.replace(/\s+/g, " ").trim();
    return FORMULA.test(text) ? "'" + text : text;
  }

  const field = (text) => (/[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text);

  // with a mark of UTF-8, by which Excel knows Chinese
  const csv = (table) => "\ufeff" + [...table.rows].map((row) => [...row.cells].map(shown).map(field).join(",") + "\r\n").join("");

  for (const button of document.querySelectorAll("button[data-csv]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([csv(document.getElementById(button.dataset.csv))], { type: "text/csv" }));
      link.download = button.dataset.name + ".csv";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
})();
