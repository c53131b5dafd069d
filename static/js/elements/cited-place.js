// <cited-place>: around the fields of an exhibit and of a place in it. "E-03 p. 4", pasted or typed into the first, is
// shared out between the two. The server reads it in the same way where no script runs.
const REFERENCE = /^\s*(E\s?[-–]?\s?\d{1,6})\s*(?:[,;:]\s*|\s)(\S.*)$/i;
// What stands for a place; anything else may be words of a title.
const PLACE = /^(?:pp?|pages?|pg|paras?|paragraphs?|rows?|lines?|cells?|at|t=|xywh|¶|§|#|\d{1,3}:\d\d|[a-z]{1,3}\d)/i;

class CitedPlace extends HTMLElement {
  connectedCallback() {
    this.exhibit = this.querySelector("[name=exhibit]");
    this.place = this.querySelector("[name=locator]");
    if (!this.exhibit || !this.place) return;
    this.exhibit.addEventListener("paste", () => queueMicrotask(() => setTimeout(() => this.share())));
    // Before the picker that stands around the field puts the exhibit's name there.
    this.exhibit.addEventListener("change", () => this.share(), { capture: true });
    this.addEventListener("keydown", (event) => this.beforeChoice(event), { capture: true });
    this.addEventListener("click", (event) => this.beforeChoice(event), { capture: true });
  }

  beforeChoice(event) {
    const picks = event.type === "click" ? event.target.closest("[role=option]") : event.key === "Enter";
    if (picks) this.share({ isQuiet: true });
  }

  /** Put the place where it belongs; `isQuiet` leaves the search of the picker as it is. */
  share({ isQuiet = false } = {}) {
    const [, exhibit, place] = REFERENCE.exec(this.exhibit.value) ?? [];
    if (!place || !PLACE.test(place) || (this.place.value && this.place.value !== place)) return;
    this.place.value = place;
    this.place.dispatchEvent(new Event("input", { bubbles: true }));
    if (isQuiet) return;
    this.exhibit.value = exhibit;
    this.exhibit.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("cited-place", CitedPlace);
