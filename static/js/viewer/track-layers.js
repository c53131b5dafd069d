// What a track map draws: land, tracks up to a time, places with their radius, events. Only our own files are asked for.

const GEOGRAPHIC = "EPSG:4326";
const MERCATOR = "EPSG:3857";

export const project = (ol, point) => ol.proj.fromLonLat(point);

/** Read the colours of the page, so that the map follows its light or dark scheme. */
export function colours(element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => resolved(element, style.getPropertyValue(name).trim() || fallback);
  return {
    sea: read("--sea", "#0b4f6c"),
    soft: read("--sea-soft", "#e8f1f5"),
    land: read("--sheet", "#ffffff"),
    line: read("--line-2", "#cccccc"),
    ink: read("--ink", "#111111"),
    warn: read("--bad", "#a11122"),
  };
}

/** A canvas knows no light-dark(): let the browser say which of the two it is. */
function resolved(element, value) {
  const probe = document.createElement("span");
  probe.style.color = value;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

export function landLayer(ol, address, palette) {
  const format = new ol.format.TopoJSON({ layers: ["land"], dataProjection: GEOGRAPHIC });
  const source = new ol.source.Vector({ url: address, format, wrapX: true, overlaps: false });
  const style = new ol.style.Style({
    fill: new ol.style.Fill({ color: palette.land }),
    stroke: new ol.style.Stroke({ color: palette.line, width: 0.8 }),
  });
  return new ol.layer.Vector({ source, style, background: palette.soft });
}

export function vectorLayer(ol, style) {
  return new ol.layer.Vector({ source: new ol.source.Vector({ wrapX: true }), style });
}

export function lineStyle(ol, colour, width, dash) {
  return new ol.style.Style({ stroke: new ol.style.Stroke({ color: colour, width, lineDash: dash }) });
}

export function dotStyle(ol, fill, stroke, radius, text, ink) {
  return new ol.style.Style({
    image: new ol.style.Circle({
      radius,
      fill: new ol.style.Fill({ color: fill }),
      stroke: new ol.style.Stroke({ color: stroke, width: 2 }),
    }),
    text: text && new ol.style.Text({ text, offsetY: -14, font: "600 13px sans-serif", fill: new ol.style.Fill({ color: ink }) }),
  });
}

/** Return the features of tracks as far as `until`: a line for each piece, dashes over silences, and the last point. */
export function trackFeatures(ol, tracks, until) {
  const lines = [];
  const silences = [];
  const heads = [];
  for (const track of tracks) {
    let before = null;
    for (const piece of track.pieces) {
      const seen = piece.filter((point) => point[2] <= until);
      if (!seen.length) break;
      const points = seen.map((point) => project(ol, point.slice(0, 2)));
      if (before) silences.push(line(ol, [before, points[0]]));
      lines.push(line(ol, points.length > 1 ? points : [points[0], points[0]]));
      before = points.at(-1);
    }
    if (before) heads.push(new ol.Feature(new ol.geom.Point(before)));
  }
  return { lines, silences, heads };
}

function line(ol, points) {
  return new ol.Feature(new ol.geom.LineString(points));
}

/** Return the circle of how precisely a place is known, and its point. */
export function placeFeatures(ol, place) {
  const point = new ol.Feature({ geometry: new ol.geom.Point(project(ol, place.point)), place });
  if (!place.radius_m) return [point];
  const circle = ol.geom.Polygon.circular(place.point, place.radius_m, 48).transform(GEOGRAPHIC, MERCATOR);
  return [point, new ol.Feature({ geometry: circle })];
}

/** Return the point of the tracks nearest to a place on the map: [mmsi, seconds], or nothing within so many pixels. */
export function nearestPoint(ol, map, tracks, pixel, reach = 12) {
  let best = null;
  for (const track of tracks) {
    for (const piece of track.pieces) {
      for (const point of piece) {
        const at = map.getPixelFromCoordinate(project(ol, point.slice(0, 2)));
        const apart = at && Math.hypot(at[0] - pixel[0], at[1] - pixel[1]);
        if (at && apart <= (best?.apart ?? reach)) best = { apart, mmsi: track.mmsi, at: point[2] };
      }
    }
  }
  return best;
}
