// <wording-check data-url>: says, while somebody types a claim, what to look at in its words. It never stops a save.
import { make, whenQuiet } from "casefiles/lib/dom.js";

const NAMES = ["text", "rationale", "first", "second"];

class WordingCheck extends HTMLElement {
  connectedCallback() {
    this.output = this.querySelector("[data-warnings]");
    if (!this.dataset.url || !this.output) return;
    const check = whenQuiet(() => this.check(), 400);
    this.addEventListener("input", (event) => {
      if (NAMES.includes(event.target.name)) check();
    });
  }

  async check() {
    // Sent, not put into the address: addresses are logged, and claims are nobody's business there.
    const sent = new FormData();
    for (const name of ["csrfmiddlewaretoken", ...NAMES]) {
      const field = this.closest("form").elements.namedItem(name);
      if (field) sent.append(name, field.value);
    }
    const asked = (this.asked = Symbol("asked"));
    try {
      const response = await fetch(this.dataset.url, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      if (response.ok && !response.redirected && this.asked === asked) this.show((await response.json()).warnings);
    } catch {
      // Saving shows them, too.
    }
  }

  show(warnings) {
    this.output.querySelector("ul").replaceChildren(...warnings.map((words) => make("li", { dir: "auto" }, words)));
    this.output.hidden = warnings.length === 0;
  }
}

customElements.define("wording-check", WordingCheck);
