// Colours the map of provinces by the rate and the year that are chosen; an address may choose: ?rate=denied_rate&year=2023.
"use strict";
(function () {
  const map = document.getElementById("map");
  if (!map) return;
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const choices = { rate: document.getElementById("map-rate"), year: document.getElementById("map-year") };

  // What is said of a tile in a language: the pattern of wording/field.yml, with its figures.
  function told(language, [rate, shade, whole, missing], [name, used, held]) {
    const figures = { name, rate, whole, missing, used, held };
    return data.told[language][shade === null ? 1 : 0].replace(/\{(\w+)\}/g, (_, figure) => figures[figure]);
  }

  function show() {
    const rates = data.rates[choices.rate.value][choices.year.value];
    const covered = data.covered[choices.year.value];
    for (const tile of map.querySelectorAll(".tile")) {
      const [one, of] = [rates[tile.dataset.code], covered[tile.dataset.code]];
      const shade = one && one[1] !== null ? ` shade-${one[1]}` : "";
      tile.className = "tile" + shade + (of && !of[3] ? " part" : "");
      const link = tile.querySelector("a");
      if (!link) continue;
      const [zh, en] = ["zh", "en"].map((language) => (one ? told(language, one, of) : ""));
      Object.assign(link.dataset, { zh, en, attribute: "title" });
      link.title = document.documentElement.dataset.language === "zh" ? zh : en;
      link.querySelector(".rate").textContent = one ? one[0] : "";
      link.querySelector("small").textContent = one ? "/ " + one[2] : "";
    }
    map.querySelectorAll(".range").forEach((range, place) => { range.textContent = data.legends[choices.rate.value][place]; });
  }

  const asked = new URLSearchParams(location.search);
  for (const [name, choice] of Object.entries(choices)) {
    const value = asked.get(name);
    if (value && [...choice.options].some((option) => option.value === value)) choice.value = value;
    choice.addEventListener("change", show);
  }
  map.querySelector(".filters").hidden = false;
  show();
})();
