/**
 * The figures that make up the built-in images, one family for each class.
 *
 * @module
 */

/**
 * Signed distance from a point to a figure's outline, negative inside.
 *
 * The figure is centred at the origin and fits the unit circle; distances are in its radii.
 */
export type Motif = (x: number, y: number) => number;

/** The classes of the built-in dataset, by folder name. */
export const MOTIFS: Readonly<Record<string, Motif>> = {
  bars: (x, y) => box(x, y, 0.95, 0.2),
  checks: (x, y) =>
    Math.min(box(x - 0.36, y - 0.36, 0.34, 0.34), box(x + 0.36, y + 0.36, 0.34, 0.34)),
  crescents: (x, y) => Math.max(length(x, y) - 0.95, 0.8 - length(x - 0.5, y)),
  crosses: (x, y) => Math.min(box(x, y, 0.95, 0.24), box(x, y, 0.24, 0.95)),
  discs: (x, y) => length(x, y) - 0.85,
  dots: (x, y) => Math.min(length(x, y), ringOfPoints(x, y, 6, 0.72)) - 0.23,
  rings: (x, y) => Math.abs(length(x, y) - 0.72) - 0.2,
  stars: (x, y) => star(x, y, 5, 0.4),
  stripes: (x, y) => Math.max(length(x, y) - 0.98, Math.abs(y - 0.6 * Math.round(y / 0.6)) - 0.15),
  triangles: (x, y) => polygon(x, y, 3, 0.48),
};

/** Distance to an axis-aligned box of the given half width and half height. */
function box(x: number, y: number, halfWidth: number, halfHeight: number): number {
  const dx = Math.abs(x) - halfWidth;
  const dy = Math.abs(y) - halfHeight;
  return length(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0);
}

/** Distance to the nearest of some points on a circle. */
function ringOfPoints(x: number, y: number, count: number, ringRadius: number): number {
  const angle = fold(x, y, count);
  const radius = length(x, y);
  return length(radius * Math.cos(angle) - ringRadius, radius * Math.sin(angle));
}

/** Distance to a regular polygon with the given inner radius. */
function polygon(x: number, y: number, sides: number, innerRadius: number): number {
  return length(x, y) * Math.cos(fold(x, y, sides)) - innerRadius;
}

/** Distance to a star with points on the unit circle and notches at the inner radius. */
function star(x: number, y: number, points: number, innerRadius: number): number {
  const half = Math.PI / points;
  const angle = half - Math.abs(fold(x, y, points));
  const radius = length(x, y);
  const nx = innerRadius * Math.sin(half);
  const ny = 1 - innerRadius * Math.cos(half);
  const px = radius * Math.cos(angle) - 1;
  const py = radius * Math.sin(angle);
  return (px * nx + py * ny) / length(nx, ny);
}

/** The point's angle inside its sector, in [−π/sectors, π/sectors]. */
function fold(x: number, y: number, sectors: number): number {
  const sector = (2 * Math.PI) / sectors;
  const angle = Math.atan2(y, x);
  return angle - sector * Math.round(angle / sector);
}

/** Math.hypot guards against overflow at ten times the cost. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
