// Show a page that a script has received, as if the browser had gone there.
import { focusTarget, loadElements } from "casefiles/lib/start.js";

/** Replace the body by that of `html`. A page that brings scripts of its own is opened anew instead. */
export function showPage(html, address) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const known = new Set([...document.scripts].map((script) => script.src));
  const isForeign = [...page.scripts].some((script) => script.src && !known.has(script.src));
  if (isForeign || !page.querySelector("main")) {
    location.assign(address);
    return;
  }
  if (address !== location.href) history.pushState({}, "", address);
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  loadElements(document.body);
  window.htmx?.process(document.body);
  scrollTo(0, 0);
  (document.querySelector("[autofocus]") ?? document.querySelector("main")).focus();
  focusTarget();
}

addEventListener("popstate", (event) => {
  // Steps made above have no page of their own in the browser's memory.
  if (!event.state?.htmx) location.reload();
});
