// <unsaved-guard>: asks before a form with changes is left. `data-changed` marks one that came back unsaved.
import { make } from "casefiles/lib/dom.js";

class UnsavedGuard extends HTMLElement {
  connectedCallback() {
    this.isChanged = this.hasAttribute("data-changed");
    this.ask = (event) => {
      if (this.isChanged) event.preventDefault();
    };
    this.addEventListener("input", () => this.change());
    this.addEventListener("change", () => this.change());
    this.addEventListener("submit", () => {
      this.isChanged = false;
    });
    window.addEventListener("beforeunload", this.ask);
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.ask);
  }

  change() {
    this.isChanged = true;
    const foot = this.querySelector(".form-foot");
    if (this.note || !foot) return;
    this.note = make("span", { class: "small muted push" }, this.dataset.text);
    foot.append(this.note);
  }
}

customElements.define("unsaved-guard", UnsavedGuard);
