/** Finds an element of `index.html` by its id. @throws {TypeError} if it is missing */
export function pageElement<T extends Element>(id: string, type: abstract new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new TypeError(`Cannot find ${type.name} "#${id}" in index.html`);
}

/** Makes an element with a class and text. The text is never parsed as markup, as it may come from a guest. */
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
