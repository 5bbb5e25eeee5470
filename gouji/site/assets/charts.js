// Draws each chart from the specification and the rows that stand beside it, in the page's language, light or dark.
"use strict";
(function () {
  const language = () => document.documentElement.dataset.language;

  // ast: expressions are walked, not compiled, as the page's policy asks
  const options = { actions: false, ast: true, renderer: "svg", defaultStyle: false, tooltip: { theme: "gouji" } };

  // on a dark page: ink, its soft shade, and the lines of the grid
  const DARK = { "#1a1a1a": "#e6e6e6", "#595959": "#b4bac1", "#e6e6e6": "#3b424a" };
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const inColours = (spec) =>
    dark.matches ? JSON.parse(JSON.stringify(spec).replace(/"(#\w{6})"/g, (quoted, colour) => `"${DARK[colour] || colour}"`)) : spec;

  async function draw(plot) {
    const drawn = JSON.parse(document.getElementById(plot.dataset.chart).textContent);
    const caption = plot.closest("figure").querySelector("figcaption").innerText;
    // charts that many pages draw have their specifications in a script of their own
    const base = inColours((drawn.specs || window.goujiCharts[drawn.kind])[language()]);
    // long names leave a phone no room for the plot
    const axisY = { labelLimit: window.innerWidth < 700 ? 130 : 400, ...base.config.axisY };
    const config = { ...base.config, axisY };
    const spec = { description: caption, ...base, config, height: drawn.height, datasets: { rows: drawn.rows } };
    if (plot.vega) plot.vega.finalize();
    plot.vega = await vegaEmbed(plot, spec, options);
    plot.dataset.drawn = language();
  }

  const drawAll = () => document.querySelectorAll(".plot").forEach(draw);
  document.addEventListener("gouji-language", drawAll);
  dark.addEventListener("change", drawAll);
  drawAll();
})();
