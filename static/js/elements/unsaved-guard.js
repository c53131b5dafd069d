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
    // Somebody may have typed before this script was there.
    const typed = [...this.querySelectorAll("input:not([type=hidden]), textarea")];
    if (typed.some(isTyped)) this.change();
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

function isTyped(control) {
  // The value of a ticked box is "on" also where nobody touched it.
  if (control.matches("[type=checkbox], [type=radio]")) return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}

customElements.define("unsaved-guard", UnsavedGuard);
