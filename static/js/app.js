// Loads the custom elements that the page uses, and answers what no element owns.
const ELEMENTS = ["file-drop", "hot-row", "moment-input", "search-picker", "theme-toggle", "unsaved-guard"];

function loadElements(root) {
  for (const name of ELEMENTS) {
    if (!customElements.get(name) && root.querySelector(name)) import(`casefiles/elements/${name}.js`);
  }
}
loadElements(document);
