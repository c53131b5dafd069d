// <theme-toggle>: light, dark or what the system says, kept in the cookie `theme` that the server reads.
const ORDER = ["light", "dark", "auto"];
const NEXT = { auto: "light", light: "dark", dark: "auto" };
const YEAR = 31536000;

class ThemeToggle extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => this.choose(NEXT[this.theme]));
    this.hidden = false;
    this.show();
  }

  get theme() {
    return document.documentElement.dataset.theme ?? "auto";
  }

  choose(theme) {
    const root = document.documentElement;
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const age = theme === "auto" ? 0 : YEAR;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=${age}; SameSite=Lax${secure}`;
    this.show();
  }

  show() {
    const label = this.dataset.label.replace("%s", this.dataset[this.theme]);
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
    for (const [place, drawing] of [...this.button.children].entries()) {
      drawing.toggleAttribute("hidden", ORDER[place] !== this.theme);
    }
  }
}

customElements.define("theme-toggle", ThemeToggle);
