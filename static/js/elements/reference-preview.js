// <reference-preview data-url>: text with references; what stands behind one shows beside it on hover and focus.
import { freshId, make } from "casefiles/lib/dom.js";

const DELAY = 250;

class ReferencePreview extends HTMLElement {
  connectedCallback() {
    this.known = new Map();
    const chip = (event) => event.target.closest?.("a.citation-chip");
    this.addEventListener("pointerover", (event) => {
      if (chip(event)) this.soon(chip(event));
      else if (event.target.closest(".preview-card")) clearTimeout(this.leaving);
    });
    this.addEventListener("pointerout", () => this.leave());
    this.addEventListener("focusin", (event) => chip(event) && this.open(chip(event)));
    this.addEventListener("focusout", () => this.leave());
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.card) this.close();
    });
  }

  soon(link) {
    clearTimeout(this.leaving);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.open(link), DELAY);
  }

  /** The card stays while the pointer goes to it, so that its words can be read and copied. */
  leave() {
    clearTimeout(this.waiting);
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.close(), DELAY);
  }

  async open(link) {
    clearTimeout(this.leaving);
    if (this.link === link) return;
    this.close();
    this.link = link;
    const found = await this.read(link.textContent.trim());
    if (found && this.link === link) this.show(link, found);
  }

  async read(reference) {
    if (this.known.has(reference)) return this.known.get(reference);
    try {
      const query = new URLSearchParams({ of: reference });
      const response = await fetch(`${this.dataset.url}?${query}`, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) return null;
      this.known.set(reference, await response.json());
      return this.known.get(reference);
    } catch {
      // The link leads there all the same.
      return null;
    }
  }

  show(link, { label, text, standing, quote, detail }) {
    this.card = make("span", { class: "preview-card", role: "tooltip", id: freshId("preview") });
    this.card.append(make("span", { class: "strong", dir: "auto" }, `${label} ${text}`));
    if (standing) this.card.append(make("span", { class: "standing-words" }, standing));
    if (quote) this.card.append(make("q", { dir: "auto" }, quote));
    if (detail) this.card.append(make("span", { class: "small muted", dir: "auto" }, detail));
    link.setAttribute("aria-describedby", this.card.id);
    this.append(this.card);
    this.place(link.getBoundingClientRect(), this.getBoundingClientRect());
  }

  place(chip, around) {
    const room = around.width - this.card.offsetWidth;
    const left = Math.max(0, Math.min(chip.left - around.left, room));
    this.card.style.setProperty("--from-left", `${left}px`);
    this.card.style.setProperty("--from-top", `${chip.bottom - around.top + 4}px`);
  }

  close() {
    clearTimeout(this.waiting);
    this.link?.removeAttribute("aria-describedby");
    this.card?.remove();
    this.link = undefined;
    this.card = undefined;
  }
}

customElements.define("reference-preview", ReferencePreview);
