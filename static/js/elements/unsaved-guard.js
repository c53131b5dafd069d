// <unsaved-guard data-key>: asks before a form with changes is left, and brings what was typed again on the way back.
// `data-changed` marks one that came back unsaved.
import { make } from "casefiles/lib/dom.js";
import { canKeep, dropDraft, fillFromDraft, keepDraft } from "casefiles/lib/drafts.js";

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
    // What is sent piece by piece says itself when all of it is there.
    this.addEventListener("saved", () => this.settle());
    window.addEventListener("beforeunload", this.ask);
    // Somebody may have typed before this script was there.
    const hasTyped = [...this.querySelectorAll("input:not([type=hidden]), textarea")].some(isTyped);
    this.keepDrafts(hasTyped);
    if (hasTyped) this.change();
  }

  keepDrafts(hasTyped) {
    const { key } = this.dataset;
    if (!this.form || !canKeep(key)) return;
    // At once: whoever has typed may be gone in the next moment.
    const keep = () => this.form && keepDraft(this.form, key);
    this.addEventListener("input", keep);
    this.addEventListener("change", keep);
    this.addEventListener("htmx:afterRequest", (event) => this.answer(event));
    fillFromDraft(this.form, key).then((isFilled) => {
      if (isFilled) this.show(this.form);
      else if (hasTyped) keep();
    });
  }

  // A form that htmx sends leaves the page where it is, and may come back in place of itself.
  get form() {
    return this.querySelector("form");
  }

  answer({ target, detail }) {
    if (!target.matches("form")) return;
    if (detail.successful) dropDraft(target);
    else this.isChanged = true;
  }

  show(form) {
    for (const input of form.querySelectorAll("moment-input input")) input.dispatchEvent(new Event("input"));
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.ask);
  }

  settle() {
    this.isChanged = false;
    this.note?.remove();
    this.note = undefined;
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
