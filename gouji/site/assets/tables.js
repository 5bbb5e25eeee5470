// Sorts, searches and filters the tables, by DataTables.
"use strict";
(function () {
  const root = document.body.dataset.root;
  const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => signs[sign]);
  const both = (zh, en) => `<span lang="zh">${zh}</span><span lang="en">${en}</span>`;
  const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });

  const words = {
    search: both("搜索", "Search"),
    info: both("第 _START_–_END_ 行，共 _TOTAL_ 行", "Rows _START_–_END_ of _TOTAL_"),
    infoEmpty: both("没有行", "No rows"),
    infoFiltered: both("（共 _MAX_ 行中筛选）", " (of _MAX_)"),
    zeroRecords: both("没有符合条件的行", "No rows match"),
    emptyTable: both("没有行", "No rows"),
    lengthMenu: both("每页 ", "") + "_MENU_" + both(" 行", " rows a page"),
    paginate: { first: "«", previous: "‹", next: "›", last: "»" },
    aria: {
      orderable: " 可排序 sortable", orderableReverse: " 反向排序 reverse",
      paginate: { first: "首页 First", previous: "上一页 Previous", next: "下一页 Next", last: "末页 Last" },
    },
  };

  // A cell of the JSON: text, a number, [Chinese, English], {href, text}, {sum, missing, said}, or null.
  const inner = (cell) => (cell === null || typeof cell !== "object" || Array.isArray(cell) ? cell : "sum" in cell ? cell.sum : cell.text);

  function shown(cell) {
    if (cell === null) return "";
    if (Array.isArray(cell)) return cell[0] === cell[1] ? escaped(cell[0]) : both(escaped(cell[0]), escaped(cell[1]));
    if (typeof cell === "object" && "sum" in cell) return escaped(cell.said);
    if (typeof cell === "object") return `<a href="${escaped(root + cell.href)}">${shown(cell.text)}</a>`;
    return typeof cell === "number" ? numbers.format(cell).replace("-", "\u2212") : escaped(cell);
  }

  function plain(cell) {
    const text = inner(cell);
    return text === null ? "" : Array.isArray(text) ? text.join(" ") : String(text);
  }

  // As the pages write shares elsewhere: what is not quite all is never 100.0%.
  function percent(share) {
    if (share === null) return "–";
    const text = (share * 100).toFixed(1);
    if (text === "100.0" && share < 1) return "&gt;99.9%";
    return text === "0.0" && share > 0 ? "&lt;0.1%" : text + "%";
  }

  function render(cell, purpose, isShare) {
    if (purpose === "display") return isShare ? percent(inner(cell)) : shown(cell);
    const value = inner(cell);
    if (purpose === "filter") return plain(cell);
    return typeof value === "number" ? value : value === null ? -1e300 : plain(cell);
  }

  function options(table) {
    const common = {
      language: words, pageLength: 25, lengthMenu: [25, 100, 500], order: [], autoWidth: false,
      layout: { topStart: "search", topEnd: "info", bottomStart: "pageLength", bottomEnd: "paging" },
    };
    const source = table.dataset.rows && document.getElementById(table.dataset.rows);
    if (!source) return common;
    const columns = [...table.tHead.rows[0].cells].map((head) => ({
      render: (cell, purpose) => render(cell, purpose, "share" in head.dataset),
      className: head.className, type: head.classList.contains("number") ? "num" : "string",
    }));
    return { ...common, data: JSON.parse(source.textContent), columns, deferRender: true };
  }

  // The Chinese text of a cell, by which the choices above a table are told apart.
  function chinese(data) {
    if (data && data.nodeType) return (data.querySelector('[lang="zh"]') || data).textContent.trim();
    const text = inner(data);
    return text === null ? "" : String(Array.isArray(text) ? text[0] : text);
  }

  function filtered(table, api) {
    const choices = document.querySelectorAll(`select[data-table="${table.id}"]`);
    const asked = new URLSearchParams(location.search);
    api.search.fixed("choices", (_text, _data, index) =>
      [...choices].every((choice) => {
        if (!choice.value) return true;
        const cell = table.dataset.rows ? api.row(index).data()[choice.dataset.column] : api.cell(index, +choice.dataset.column).node();
        return chinese(cell) === choice.value;
      }));
    for (const choice of choices) {
      const value = asked.get(choice.dataset.filter);
      const named = value && [...choice.options].find((option) => [option.value, option.dataset.code, option.dataset.en].includes(value));
      if (named) choice.value = named.value;
      choice.addEventListener("change", () => api.draw());
    }
    api.draw();
  }

  // Paper has no pages to turn: it gets every row that is left.
  function printed(api) {
    let rows = api.page.len();
    window.addEventListener("beforeprint", () => { rows = api.page.len(); api.page.len(-1).draw(); });
    window.addEventListener("afterprint", () => api.page.len(rows).draw());
  }

  for (const table of document.querySelectorAll("table[data-search-table]")) {
    const api = new DataTable(table, options(table));
    filtered(table, api);
    printed(api);
  }
})();
