// A drawing of the page as a PNG. Our policy lets no picture in that a script made, so its shapes are drawn once more.
import { make } from "casefiles/lib/dom.js";

const SCALE = 2;
const number = (element, name) => Number(element.getAttribute(name) ?? 0);

const SHAPES = {
  rect: (paint, element) => paint.rect(number(element, "x"), number(element, "y"), number(element, "width"), number(element, "height")),
  circle: (paint, element) => paint.arc(number(element, "cx"), number(element, "cy"), number(element, "r"), 0, 2 * Math.PI),
  line: (paint, element) => {
    paint.moveTo(number(element, "x1"), number(element, "y1"));
    paint.lineTo(number(element, "x2"), number(element, "y2"));
  },
};

/** Draw an SVG of rectangles, circles, lines and texts as the page shows it, and give it out as a file. */
export function savePicture(svg, name) {
  const { width, height } = svg.viewBox.baseVal;
  const sheet = make("canvas", { width: Math.round(width * SCALE), height: Math.round(height * SCALE) });
  const paint = sheet.getContext("2d");
  paint.scale(SCALE, SCALE);
  paint.fillStyle = getComputedStyle(svg.closest(".card") ?? document.body).backgroundColor;
  paint.fillRect(0, 0, width, height);
  for (const element of svg.querySelectorAll("rect, circle, line, text")) draw(paint, element, getComputedStyle(element));
  sheet.toBlob((blob) => {
    const link = make("a", { download: name, href: URL.createObjectURL(blob) });
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

function draw(paint, element, style) {
  paint.globalAlpha = Number(style.fillOpacity);
  paint.fillStyle = style.fill === "none" ? "transparent" : style.fill;
  if (element.localName === "text") {
    paint.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    paint.textAlign = { middle: "center", end: "right" }[style.textAnchor] ?? "left";
    paint.fillText(element.textContent, number(element, "x"), number(element, "y"));
    return;
  }
  paint.beginPath();
  SHAPES[element.localName](paint, element);
  paint.fill();
  if (style.stroke === "none") return;
  paint.globalAlpha = Number(style.strokeOpacity);
  paint.strokeStyle = style.stroke;
  paint.lineWidth = Number.parseFloat(style.strokeWidth);
  paint.setLineDash(style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map(Number.parseFloat));
  paint.stroke();
}
