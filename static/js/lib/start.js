// What every page needs once it is there, whether the browser or a script brought it.
const ELEMENTS = [
  "add-files", "case-timeline", "cited-place", "file-drop", "image-compare", "image-viewer", "media-moment",
  "mention-box", "moment-input", "network-graph", "passage-reader", "rating-grid", "reference-preview",
  "reference-writer", "search-picker", "theme-toggle", "track-map", "unsaved-guard", "wording-check",
];

/** Load the custom elements that stand below `root`, and no others. */
export function loadElements(root) {
  for (const name of ELEMENTS) {
    if (!customElements.get(name) && root.querySelector(name)) import(`casefiles/elements/${name}.js`);
  }
  // Without htmx the button "Apply" stays.
  if (window.htmx) document.body.dataset.scripted = "";
}

/** Mark the row that the address names after saving (…#exhibit-E-13); focus it, or what in it asks to be. */
export function focusTarget() {
  const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!row || row.id === "main") return;
  row.classList.add("is-hot");
  if (!row.hasAttribute("tabindex")) row.setAttribute("tabindex", "-1");
  (row.querySelector("[autofocus]") ?? row).focus();
}
