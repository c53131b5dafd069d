// <case-timeline>: the timeline moves and comes closer under hand and keys; the server draws what is then seen.
// Without this script the same steps are links.
import { whenQuiet } from "casefiles/lib/dom.js";
import { savePicture } from "casefiles/viewer/svg-picture.js";

const PARTS = ["asked", "tools", "picture", "out", "table"];
const KEYS = { ArrowLeft: "earlier", ArrowRight: "later", "+": "closer", "=": "closer", "-": "farther", 0: "all", Home: "all" };
const DAY_MS = 86_400_000;
const SHORTEST_DAYS = 2;
const LONGEST_DAYS = 365 * 300;
const YEARS = [Date.UTC(1500, 0), Date.UTC(2500, 0)].map((ms) => ms / DAY_MS);

class CaseTimeline extends HTMLElement {
  connectedCallback() {
    if (this.asked) return;
    this.asked = whenQuiet(() => this.askWindow(), 160);
    this.settle();
    this.addEventListener("click", (event) => this.follow(event));
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.addEventListener("pointerdown", (event) => this.grab(event));
    this.toggleAttribute("data-ready", true);
  }

  get svg() {
    return this.querySelector("svg.timeline");
  }

  /** What came with the last answer. */
  settle() {
    const { svg } = this;
    this.window = svg && [svg.dataset.first, svg.dataset.last].map((day) => Date.parse(day) / DAY_MS);
    const button = this.querySelector("[data-picture]");
    button.hidden = !svg;
    button.addEventListener("click", () => savePicture(this.svg, "timeline.png"));
    const region = this.querySelector("[data-region]");
    if (region) region.setAttribute("aria-label", `${region.getAttribute("aria-label")}. ${this.dataset.keys}`);
  }

  // --- Steps ----------------------------------------------------------------------------------------------------------

  follow(event) {
    const link = event.target.closest("a[data-step], a[data-near]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(link.getAttribute("href"), link.dataset.step);
  }

  press(event) {
    const isTyped = event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("[data-region]");
    const link = !isTyped && event.key in KEYS && this.querySelector(`a[data-step="${KEYS[event.key]}"]`);
    if (!link) return;
    event.preventDefault();
    this.go(link.getAttribute("href"));
  }

  /** Show what another address of this page asks for, in place; of two that are asked for, the later one. */
  async go(address, step) {
    this.asking?.abort();
    this.asking = new AbortController();
    const url = new URL(address, location.href);
    try {
      const response = await fetch(url, { headers: { Accept: "text/html" }, signal: this.asking.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!response.ok || response.redirected || !page.querySelector("case-timeline")) return location.assign(url);
      this.replace(page);
      history.replaceState(history.state, "", url);
      this.settle();
      if (step) this.querySelector(`a[data-step="${step}"]`)?.focus();
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  replace(page) {
    const wasIn = this.querySelector("[data-region]")?.contains(document.activeElement);
    const isOpen = this.querySelector("details")?.open;
    for (const name of PARTS) {
      const part = page.querySelector(`case-timeline [data-part="${name}"]`);
      this.querySelector(`[data-part="${name}"]`).replaceWith(document.adoptNode(part));
    }
    if (wasIn) this.querySelector("[data-region]")?.focus({ preventScroll: true });
    const table = this.querySelector("details");
    if (table && isOpen) table.open = true;
  }

  // --- Hand -----------------------------------------------------------------------------------------------------------

  /** With Ctrl (or two fingers) closer or farther; with Shift to the side. A bare wheel scrolls the page as ever. */
  wheel(event) {
    if (!this.window || !event.target.closest?.("svg.timeline") || !(event.ctrlKey || event.shiftKey || event.deltaX)) return;
    event.preventDefault();
    const [first, last] = this.window;
    if (event.ctrlKey) {
      const factor = Math.exp(Math.sign(event.deltaY) * 0.2);
      const at = this.dayAt(event.clientX);
      this.preview([at - (at - first) * factor, at + (last - at) * factor]);
    } else {
      this.shift(((last - first) * (event.deltaX || event.deltaY)) / 1000);
    }
  }

  grab(event) {
    if (!this.window || event.button !== 0 || !event.target.closest?.("svg.timeline")) return;
    const { scale } = this;
    const from = this.window;
    const started = event.clientX;
    let hasMoved = false;
    const move = (moved) => {
      const days = (started - moved.clientX) / scale.pixels * (from[1] - from[0]);
      hasMoved ||= Math.abs(moved.clientX - started) > 4;
      if (hasMoved) this.preview([from[0] + days, from[1] + days]);
    };
    const stop = () => {
      removeEventListener("pointermove", move);
      if (hasMoved) addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
    };
    event.preventDefault();
    this.querySelector("[data-region]").focus({ preventScroll: true });
    addEventListener("pointermove", move);
    addEventListener("pointerup", stop, { once: true });
    addEventListener("pointercancel", stop, { once: true });
  }

  shift(days) {
    this.preview(this.window.map((day) => day + days));
  }

  /** How wide the days are drawn, in pixels of the screen, and where they begin. */
  get scale() {
    const { left, right } = this.svg.dataset;
    const box = this.svg.getBoundingClientRect();
    const unit = box.width / this.svg.viewBox.baseVal.width;
    return { start: box.left + Number(left) * unit, pixels: (Number(right) - Number(left)) * unit };
  }

  dayAt(x) {
    const { start, pixels } = this.scale;
    const [first, last] = this.window;
    return first + Math.min(Math.max((x - start) / pixels, 0), 1) * (last - first);
  }

  /** Move what is drawn at once, and ask for what is then seen once the hand rests. */
  preview([first, last]) {
    const span = last - first;
    if (span < SHORTEST_DAYS || span > LONGEST_DAYS || first < YEARS[0] || last > YEARS[1]) return;
    this.window = [first, last];
    const { dataset } = this.svg;
    const [drawnFirst, drawnLast] = [dataset.first, dataset.last].map((day) => Date.parse(day) / DAY_MS);
    const [left, right] = [Number(dataset.left), Number(dataset.right)];
    const factor = (drawnLast - drawnFirst) / span;
    const offset = left + ((drawnFirst - first) / span) * (right - left) - left * factor;
    this.svg.querySelector(".moving").setAttribute("transform", `matrix(${factor} 0 0 1 ${offset} 0)`);
    this.asked();
  }

  askWindow() {
    const url = new URL(location.href);
    const [since, until] = this.window.map((day) => new Date(Math.round(day) * DAY_MS).toISOString().slice(0, 10));
    url.searchParams.set("since", since);
    url.searchParams.set("until", until);
    this.go(url);
  }
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

customElements.define("case-timeline", CaseTimeline);
