/**
 * The document as xterm.js gets it: its `style` elements become constructed style sheets, because the window is
 * served under `style-src 'self'`, which blocks inline ones.
 */
export function documentWithSheets(document: Document): Document {
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement =>
    name === 'style' ? sheetElement(document) : document.createElement(name, options);
  return new Proxy(document, {
    get(target, key) {
      if (key === 'createElement') return createElement;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** An element without any look, whose text is a style sheet for as long as it is not removed. */
function sheetElement(document: Document): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const element = document.createElement('span');
  element.hidden = true;
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    HTMLElement.prototype.remove.call(element);
  };
  return element;
}
