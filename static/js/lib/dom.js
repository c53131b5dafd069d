// Build elements from text, never from markup: what a record says cannot become part of the page.

/** Make an element. Attributes that are undefined, null or false are left out. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

let made = 0;

/** Return an id that nothing on the page has. */
export function freshId(prefix) {
  made += 1;
  return `${prefix}-made-${made}`;
}

/** Call `action` once it has been quiet for `milliseconds`. */
export function whenQuiet(action, milliseconds) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...given), milliseconds);
  };
}

/** Return 1800000 as "1.8 MB"; the server's filter `filesize` says the same. */
export function fileSize(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  let size = bytes;
  for (const unit of ["kB", "MB", "GB"]) {
    size /= 1000;
    if (size < 999.95) return `${size.toFixed(1)} ${unit}`;
  }
  return `${(size / 1000).toFixed(1)} TB`;
}
