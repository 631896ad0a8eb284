/**
 * Runs `work`, and turns the `style` elements that it makes into constructed style sheets: the window is served under
 * `style-src 'self'`, which blocks inline ones. xterm.js makes all of its own while it opens, and has no way to be
 * told otherwise for each.
 */
export function withoutInlineStyles(document: Document, work: () => void): void {
  const createElement = document.createElement;
  const create = (name: string, options?: ElementCreationOptions): HTMLElement =>
    name === 'style' ? sheetElement(document) : createElement.call(document, name, options);
  document.createElement = create as Document['createElement'];
  try {
    work();
  } finally {
    document.createElement = createElement;
  }

  function sheetElement(owner: Document): HTMLElement {
    const sheet = new CSSStyleSheet();
    owner.adoptedStyleSheets = [...owner.adoptedStyleSheets, sheet];
    const element = createElement.call(owner, 'span');
    element.hidden = true;
    Object.defineProperty(element, 'sheet', { value: sheet });
    Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
    element.remove = () => {
      owner.adoptedStyleSheets = owner.adoptedStyleSheets.filter((other) => other !== sheet);
      HTMLElement.prototype.remove.call(element);
    };
    return element;
  }
}
