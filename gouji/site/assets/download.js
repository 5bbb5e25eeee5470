// Gives a table of the page as a CSV file: what is shown, in the page's language, numbers in full and without words.
"use strict";
(function () {
  // A text that a spreadsheet would take for a formula, by signs of full width too, becomes plain text.
  const FORMULA = /^\s*[=+\-@＝＋－＠]/;
  const text = (shown) => (FORMULA.test(shown) ? "'" + shown : shown);

  function shown(cell) {
    if (cell.dataset.value !== undefined) return cell.dataset.value;
    // no number sorts before every number
    if (cell.dataset.order !== undefined) return +cell.dataset.order === -1e300 ? "" : String(+cell.dataset.order);
    const copy = cell.cloneNode(true);
    const other = document.documentElement.dataset.language === "zh" ? "en" : "zh";
    for (const element of copy.querySelectorAll(`[lang="${other}"]`)) element.remove();
    return text(copy.textContent.replace(/\s+/g, " ").trim());
  }

  // A cell of a table's JSON, as assets/tables.js has them.
  function told(cell) {
    if (cell === null) return "";
    if (Array.isArray(cell)) return text(cell[document.documentElement.dataset.language === "zh" ? 0 : 1]);
    if (typeof cell === "object") return told("href" in cell ? cell.text : cell.sum);
    return typeof cell === "number" ? String(cell) : text(cell);
  }

  // A row of the page; after its cells, how many cells behind each of its sums hold no number.
  function line(row) {
    const without = document.documentElement.dataset.language === "zh" ? "withoutZh" : "withoutEn";
    const missing = [...row.cells].map((cell) => cell.dataset[without] ?? cell.dataset.missing);
    return [...[...row.cells].map(shown), ...missing.filter((one) => one !== undefined)];
  }

  // A row of a table's JSON, likewise.
  const toldLine = (row) => [...row.map(told), ...row.filter((cell) => cell !== null && typeof cell === "object" && "missing" in cell).map((cell) => String(cell.missing))];

  // What a search leaves of a table, on all its pages; of any other, every row.
  function rows(table) {
    const head = [...table.tHead.rows].map(line);
    if (!table.matches(".dataTable")) return [...head, ...[...table.tBodies].flatMap((body) => [...body.rows].map(line))];
    const left = new DataTable.Api(table).rows({ search: "applied" });
    if (table.dataset.rows) return [...head, ...left.data().toArray().map(toldLine)];
    return [...head, ...left.nodes().toArray().map(line)];
  }

  const field = (text) => (/[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text);

  // The cells of a report's form, by their codes: the text as printed, what it is where it is no number, and as corrected.
  const STATUSES = ["blank", "absent", "not_applicable", "unreadable"];
  function formRows() {
    const said = (cell, part) => text((cell.querySelector(part) || { textContent: "" }).textContent);
    const cells = [...document.querySelectorAll("table.form td[id]")].map((cell) => [
      ...cell.id.split("-"), said(cell, ".printed"), STATUSES.find((status) => cell.classList.contains(status)) || "reported", said(cell, "ins"),
    ]);
    return [["form_table", "line_code", "column_code", "printed", "value_status", "corrected"], ...cells];
  }

  // with a mark of UTF-8, by which Excel knows Chinese
  const csv = (rows) => "\ufeff" + rows.map((row) => row.map(field).join(",") + "\r\n").join("");

  for (const button of document.querySelectorAll("button.download")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const table = document.getElementById(button.dataset.csv);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([csv(table ? rows(table) : formRows())], { type: "text/csv" }));
      link.download = button.dataset.name + ".csv";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
})();
