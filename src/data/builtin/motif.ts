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
  crescents: (x, y) => Math.max(length(x, y) - 0.95, 0.8 - length(x - 0.5, y)),
  crosses: (x, y) => Math.min(box(x, y, 0.9, 0.24), box(x, y, 0.24, 0.9)),
  discs: (x, y) => length(x, y) - 0.75,
  drops: (x, y) => Math.min(length(x + 0.35, y) - 0.5, wedge(x + 0.35, y)),
  hooks: (x, y) => Math.min(box(x + 0.45, y, 0.18, 0.72), box(x, y - 0.54, 0.63, 0.18)),
  rings: (x, y) => Math.abs(length(x, y) - 0.7) - 0.2,
  squares: (x, y) => box(x, y, 0.65, 0.65),
  stars: (x, y) => star(x, y, 5, 0.4),
  triangles: (x, y) => polygon(x, y, 3, 0.48),
};

/** Distance to an axis-aligned box of the given half width and half height. */
function box(x: number, y: number, halfWidth: number, halfHeight: number): number {
  const dx = Math.abs(x) - halfWidth;
  const dy = Math.abs(y) - halfHeight;
  return length(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0);
}

/** Distance to the tip of a drop, a wedge that narrows to nothing at x = 1.3. */
function wedge(x: number, y: number): number {
  return Math.max(-x, 0.36 * (x - 1.3) + 0.93 * Math.abs(y));
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
