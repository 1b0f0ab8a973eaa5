/* Polygons cut by straight lines, and where among lines there is room for a name. */
"use strict";

const Clipping = (() => {
  /* What is left of a convex polygon where `score`, linear over the plane, is not negative. */
  function clip(polygon, score) {
    return polygon.flatMap((corner, i) => {
      const next = polygon[(i + 1) % polygon.length];
      const here = score(corner), there = score(next);
      const kept = here >= 0 ? [corner] : [];
      if (here * there >= 0) return kept;
      const share = here / (here - there);
      return [...kept, corner.map((c, axis) => c + share * (next[axis] - c))];
    });
  }

  const edges = (polygon) => polygon.map((corner, i) => [corner, polygon[(i + 1) % polygon.length]]);
  const area = (polygon) => Arithmetic.sum(edges(polygon).map(([[x1, y1], [x2, y2]]) =>
    (x1 * y2 - x2 * y1) / 2));

  /* From a point to a line between two ends. */
  function distance([x, y], [[x1, y1], [x2, y2]]) {
    const square = (x2 - x1) ** 2 + (y2 - y1) ** 2;
    const along = square ? ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / square : 0;
    const share = Math.min(Math.max(along, 0), 1);
    return Math.hypot(x1 + share * (x2 - x1) - x, y1 + share * (y2 - y1) - y);
  }

  const room = (place, lines) => Math.min(...lines.map((line) => distance(place, line)));

  /* A place that is nearer to some line than the best to any has less room. */
  function roomiest(places, lines) {
    let best, most = -1;
    for (const place of places) {
      if (lines.some((line) => distance(place, line) <= most)) continue;
      best = place;
      most = room(place, lines);
    }
    return best;
  }

  return { clip, edges, area, room, roomiest };
})();
