/** Finds an element that `index.html` promises, by its id. Throws a `TypeError` when it is not there. */
export function pageElement<T extends Element>(id: string, type: abstract new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new TypeError(`Cannot find element "#${id}": no ${type.name}, expected one in index.html`);
}

/** An element with a class and text. The text may be a guest's: it never becomes markup. */
export function createElement<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text = "",
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
