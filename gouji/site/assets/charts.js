// Draws each chart from the specification and the rows that stand beside it, in the page's language.
"use strict";
(function () {
  const language = () => document.documentElement.dataset.language;

  // ast: expressions are walked, not compiled, as the page's policy asks
  const options = { actions: false, ast: true, renderer: "svg", defaultStyle: false, tooltip: { theme: "gouji" } };

  async function draw(plot) {
    const drawn = JSON.parse(document.getElementById(plot.dataset.chart).textContent);
    const caption = plot.closest("figure").querySelector("figcaption").innerText;
    // charts that many pages draw have their specifications in a script of their own
    const base = (drawn.specs || window.goujiCharts[drawn.kind])[language()];
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
  drawAll();
})();
