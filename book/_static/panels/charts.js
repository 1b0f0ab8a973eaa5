/* What the panels' plots are drawn with. */
"use strict";

const Charts = (() => {
  const scale = (value, [low, high], [from, to]) => from + (value - low) / (high - low) * (to - from);

  const polyline = (points, style = "") => `<polyline points="${points.map((at) =>
    at.map((c) => c.toFixed(1)).join()).join(" ")}" fill="none" stroke="currentColor" ${style}/>`;
  const dot = ([x, y], radius, style = "") =>
    `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" ${style}/>`;
  const text = (x, y, words, anchor = "start") =>
    svgText(x, y, words, `font-size="14" text-anchor="${anchor}"`);

  /* What a finger takes hold of: a mark around (0, 0), and room to hit it. */
  const handle = ([x, y], name, mark) => `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">` +
    `${mark}<circle data-handle="${name}" r="16" fill="transparent"/></g>`;

  /* The left and lower side of a plot; ticks are pairs of a place and its name. */
  const axes = ([left, right], [top, floor], ticks, heights) =>
    polyline([[left, top], [left, floor], [right, floor]], 'opacity="0.6"') +
    ticks.map(([x, name]) => text(x, floor + 17, name, "middle")).join("") +
    heights.map(([y, name]) => text(left - 5, y + 5, name, "end")).join("");

  return { scale, polyline, dot, text, handle, axes };
})();
