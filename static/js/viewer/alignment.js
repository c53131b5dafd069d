// Where one image lies upon another: by the ground they show where both know it, else by their size.

const DEGREE_M = 111_320;

/**
 * Return {x, y, size, basis, turn}: where the upper left pixel of `second` lies in pixels of `first`, how large one of
 * its pixels is there, whether that follows from the "ground" or from a "fit", and by how many degrees it is turned.
 * Each is {width, height, corners}; corners are [longitude, latitude], clockwise from the upper left, or null.
 */
export function placed(first, second) {
  const onGround = first.corners && second.corners ? placedOnGround(first, second) : null;
  return onGround ?? fitted(first, second);
}

function fitted(first, second) {
  const size = Math.min(first.width / second.width, first.height / second.height);
  const x = (first.width - second.width * size) / 2;
  const y = (first.height - second.height * size) / 2;
  return { x, y, size, basis: "fit", turn: 0 };
}

function placedOnGround(first, second) {
  const middle = first.corners.reduce((sum, corner) => [sum[0] + corner[0] / 4, sum[1] + corner[1] / 4], [0, 0]);
  const metres = ([longitude, latitude]) => {
    const across = ((longitude - middle[0] + 540) % 360) - 180;
    return [across * DEGREE_M * Math.cos((middle[1] * Math.PI) / 180), (latitude - middle[1]) * DEGREE_M];
  };
  const [a, b] = [axesOf(first, metres), axesOf(second, metres)];
  const toFirst = inverse(a);
  if (!toFirst) return null;
  const [x, y] = toFirst([b.origin[0] - a.origin[0], b.origin[1] - a.origin[1]]);
  const [across, along] = [toFirst(b.across), toFirst(b.along)];
  const size = (Math.hypot(...across) + Math.hypot(...along)) / 2;
  const turn = (Math.atan2(across[1], across[0]) * 180) / Math.PI;
  const isApart = x >= first.width || y >= first.height || x + second.width * size <= 0 || y + second.height * size <= 0;
  return isApart || !(size > 0) ? null : { x, y, size, basis: "ground", turn };
}

/** Return where the first pixel lies in metres, and what one pixel to the right and one down is. */
function axesOf({ width, height, corners }, metres) {
  const [upperLeft, upperRight, , lowerLeft] = corners.map(metres);
  return {
    origin: upperLeft,
    across: [(upperRight[0] - upperLeft[0]) / width, (upperRight[1] - upperLeft[1]) / width],
    along: [(lowerLeft[0] - upperLeft[0]) / height, (lowerLeft[1] - upperLeft[1]) / height],
  };
}

function inverse({ across: [a, c], along: [b, d] }) {
  const determinant = a * d - b * c;
  if (!determinant) return null;
  return ([x, y]) => [(d * x - b * y) / determinant, (a * y - c * x) / determinant];
}
