// An image as a map whose coordinates are its pixels, drawn by OpenLayers from our own tiles.

let library;

/** Load OpenLayers once, where an image is looked at; resolves to its namespace. */
export function openLayers(address) {
  library ??= new Promise((resolve, reject) => {
    if (window.ol) return resolve(window.ol);
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(window.ol));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

/** Ask for the state of an image's tiles until they can be shown; `onWait` is called while they are prepared. */
export async function readyTiles(address, onWait, isGone = () => false) {
  for (let wait = 500; !isGone(); wait = Math.min(wait * 1.5, 5000)) {
    const state = await tileState(address);
    if (state.state !== "preparing") return state;
    onWait(state);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return { state: "gone" };
}

export async function tileState(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  return response.json();
}

/** Map coordinates grow upwards, rows of pixels downwards. */
export const toMap = ([x, y]) => [x, -y];
export const toPixels = ([x, y]) => [x, -y];

/** Return a layer with the tiles of an image; `place` says where its upper left pixel lies and how large a pixel is. */
export function tileLayer(ol, projection, state, address, place = { x: 0, y: 0, size: 1 }) {
  const { width, height, tile, levels, shown } = state;
  const { x, y, size } = place;
  const extent = [x, -(y + height * size), x + width * size, -y];
  const resolutions = Array.from({ length: shown }, (_level, level) => size * 2 ** (levels - 1 - level));
  const tileGrid = new ol.tilegrid.TileGrid({ extent, origin: [x, -y], resolutions, tileSize: tile });
  const source = new ol.source.TileImage({
    projection,
    tileGrid,
    transition: 0,
    tileUrlFunction: ([z, column, row]) => `${address}?z=${z}&x=${column}&y=${row}`,
  });
  return new ol.layer.Tile({ source, extent, className: "image-layer" });
}

export function pixelProjection(ol, { width, height }) {
  return new ol.proj.Projection({ code: "image-pixels", units: "pixels", extent: [0, -height, width, 0] });
}

/** Return a view of a whole image; it goes in to eight times its pixels. */
export function imageView(ol, projection, state, stage) {
  const { width, height } = state;
  const fit = Math.max(width / stage.clientWidth, height / stage.clientHeight, 1 / 8);
  return new ol.View({
    projection,
    center: [width / 2, -height / 2],
    resolution: fit,
    minResolution: Math.min(1 / 8, fit),
    maxResolution: fit * 2,
    extent: [0, -height, width, 0],
    constrainOnlyCenter: true,
    showFullExtent: true,
  });
}

/** Return a map on `stage` without controls of its own; keys are the element's affair. */
export function imageMap(ol, stage, view, layers) {
  const interactions = ol.interaction.defaults.defaults({ keyboard: false, doubleClickZoom: false });
  return new ol.Map({ target: stage, view, layers, controls: [], interactions });
}

/** Move a view by a share of what is seen. */
export function pan(map, across, down, share = 0.125) {
  const view = map.getView();
  const [width, height] = map.getSize();
  const [dx, dy] = [across * width * share, -down * height * share].map((step) => step * view.getResolution());
  const turn = view.getRotation();
  const [x, y] = view.getCenter();
  view.setCenter([x + dx * Math.cos(turn) - dy * Math.sin(turn), y + dx * Math.sin(turn) + dy * Math.cos(turn)]);
}

/** Go in (a factor below 1) or out, keeping the middle. */
export function zoom(map, factor) {
  const view = map.getView();
  view.setResolution(view.getConstrainedResolution(view.getResolution() * factor) ?? view.getResolution() * factor);
}
