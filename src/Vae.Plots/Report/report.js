// Draws the panels as they come near, in the colours of the page, and keeps both when the reader's preference changes.
(() => {
  const panels = [...document.querySelectorAll(".panel")];
  const stageOf = (panel) => panel.querySelector(".stage");
  const drawn = new Set();

  const theme = () => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      gridcolor: colour("--grid"),
      linecolor: colour("--rule"),
      zerolinecolor: colour("--rule"),
      tickfont: { color: colour("--muted") },
      title: { font: { size: 14 } },
    };
    const flat = { ...axis, showline: true, mirror: true, zeroline: false };
    const deep = { ...axis, gridcolor: colour("--rule"), showbackground: false, showspikes: false };
    return {
      layout: {
        font: { color: colour("--ink"), family: getComputedStyle(document.body).fontFamily, size: 13 },
        hoverlabel: { bgcolor: colour("--paper"), bordercolor: colour("--rule"), font: { color: colour("--ink") } },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("--muted"), activecolor: colour("--ink") },
        xaxis: flat,
        yaxis: flat,
        scene: { xaxis: deep, yaxis: deep, zaxis: deep },
      },
    };
  };

  // Under a finger a flat chart lets the page scroll, and no chart has buttons.
  const touch = matchMedia("(hover: none)").matches;

  const draw = (panel) => {
    if (drawn.has(panel)) return;
    drawn.add(panel);
    const { data, layout } = JSON.parse(panel.querySelector("script").textContent);
    layout.template = theme();
    // On a narrow panel dots are smaller, and a scene is seen from further away, so that its labels fit.
    const narrow = Math.min(1, panel.clientWidth / 640);
    data.filter((series) => series.marker).forEach(({ marker }) => (marker.size = Math.max(2, marker.size * narrow)));
    const eye = layout.scene?.camera.eye;
    for (const axis in eye) eye[axis] *= 1.3 - 0.3 * narrow;
    if (touch && !layout.scene) layout.dragmode = false;
    Plotly.newPlot(stageOf(panel), data, layout, {
      responsive: true,
      displaylogo: false,
      displayModeBar: touch ? false : "hover",
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
    });
  };

  const observer = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => draw(entry.target)),
    { rootMargin: "600px" },
  );
  panels.forEach((panel) => observer.observe(panel));
  addEventListener("beforeprint", () => panels.forEach(draw));

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    drawn.forEach((panel) => Plotly.relayout(stageOf(panel), { template: theme() })),
  );

  document.querySelectorAll(".chooser select").forEach((select) =>
    select.addEventListener("change", () =>
      select.closest("figure").querySelectorAll(".choice").forEach((choice) => {
        choice.hidden = choice.dataset.choice !== select.value;
      }),
    ),
  );

  document.querySelectorAll(".legend button").forEach((button) =>
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      button.closest(".choice, figure").querySelectorAll(".panel").forEach((panel) => {
        draw(panel);
        const stage = stageOf(panel);
        const series = [...stage.data.keys()].filter((i) => stage.data[i].name === button.dataset.series);
        if (series.length) Plotly.restyle(stage, { visible: shown }, series);
      });
    }),
  );
})();
