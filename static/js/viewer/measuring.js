// Lengths, regions and places on an image, reckoned in pixels from its upper left corner. Nothing here knows the page.

/** Return the length in pixels of the line between two points. */
export function lengthInPixels([x1, y1], [x2, y2]) {
  return Math.hypot(x2 - x1, y2 - y1);
}

/** Return {metres, error} of a line: `scale` is {across, along} in metres of a pixel, `errorPx` is of both ends together. */
export function lengthOnGround([x1, y1], [x2, y2], scale, errorPx) {
  const metres = Math.hypot((x2 - x1) * scale.across, (y2 - y1) * scale.along);
  return { metres, error: errorPx * Math.max(scale.across, scale.along) };
}

/** Return "118 m ± 6 m": no figure finer than the error allows. */
export function shownLength({ metres, error }) {
  const kilometres = metres >= 10_000;
  const [unit, factor] = kilometres ? ["km", 1000] : ["m", 1];
  const decimals = Math.min(3, Math.max(0, -Math.floor(Math.log10(Math.max(error / factor, 1e-9)))));
  return `${(metres / factor).toFixed(decimals)} ${unit} ± ${(error / factor).toFixed(decimals)} ${unit}`;
}

/** Return the rectangle between two points in whole pixels, rounded outwards and kept on the image; or null. */
export function rectangleBetween([x1, y1], [x2, y2], { width, height }) {
  const left = Math.max(0, Math.floor(Math.min(x1, x2)));
  const top = Math.max(0, Math.floor(Math.min(y1, y2)));
  const right = Math.min(width, Math.ceil(Math.max(x1, x2)));
  const bottom = Math.min(height, Math.ceil(Math.max(y1, y2)));
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

/** Read "10,20,300,200", or "10,20 30,20 30,40", into the corners of a region; null for anything else. */
export function cornersOf(text) {
  const pairs = text.trim().split(/\s+/).map((part) => part.split(",").map(Number));
  if (pairs.flat().some((number) => !Number.isFinite(number))) return null;
  if (pairs.length === 1 && pairs[0].length === 4) {
    const [x, y, width, height] = pairs[0];
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
  }
  return pairs.length >= 3 && pairs.every((pair) => pair.length === 2) ? pairs : null;
}

/** Return the longest round length that a bar of at most `most` metres can stand for: 1, 2 or 5 of a power of ten. */
export function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power;
}

/** Return [longitude, latitude] of a pixel, between the four corners of its image (clockwise from the upper left). */
export function placeOf([x, y], { width, height }, corners) {
  const [across, down] = [x / width, y / height];
  const weights = [(1 - across) * (1 - down), across * (1 - down), across * down, (1 - across) * down];
  return [0, 1].map((axis) => corners.reduce((sum, corner, index) => sum + corner[axis] * weights[index], 0));
}
