// <moment-input data-url data-output>: says how a date is read while it is typed; where it has two readings, it asks.
import { make, whenQuiet } from "casefiles/lib/dom.js";

class MomentInput extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.dataset.url || !this.input) return;
    const read = whenQuiet(() => this.read(), 300);
    this.input.addEventListener("input", read);
    // Somebody may have typed before this script was there.
    if (this.input.value !== this.input.defaultValue) read();
  }

  get output() {
    return document.getElementById(this.dataset.output);
  }

  async read() {
    const text = this.input.value.trim();
    this.asked = text;
    if (!text) {
      this.output?.replaceChildren();
      return;
    }
    const query = new URLSearchParams({ text });
    try {
      const response = await fetch(`${this.dataset.url}?${query}`, { headers: { Accept: "application/json" } });
      // An answer to an earlier keystroke may arrive last.
      if (response.ok && !response.redirected && this.asked === text) this.show(await response.json());
    } catch {
      this.output?.replaceChildren();
    }
  }

  show({ read_as: readAs, question, readings = [] }) {
    this.output.classList.toggle("asks", !readAs);
    this.output.replaceChildren(readAs || question || "");
    for (const reading of readAs ? [] : readings) {
      const button = make("button", { type: "button", class: "button small" }, reading.text);
      button.addEventListener("click", () => this.choose(reading));
      this.output.append(" ", button);
    }
  }

  choose(reading) {
    this.input.value = reading.text || reading.edtf;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.input.focus();
    this.read();
  }
}

customElements.define("moment-input", MomentInput);
