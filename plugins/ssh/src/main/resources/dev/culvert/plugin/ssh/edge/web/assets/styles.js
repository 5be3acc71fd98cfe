// The page's policy forbids styles that are not the page's own files. xterm.js makes `style` elements and, for true
// colour without WebGL, `style` attributes; here its elements get the nonce of this page, and its attributes are set
// by way of the object model, which the policy leaves alone. Must be imported before xterm.js makes anything.

const nonce = document.getElementById("styles").nonce;
const createElement = Document.prototype.createElement;
const setAttribute = Element.prototype.setAttribute;

document.createElement = function (name, options) {
  const element = createElement.call(this, name, options);
  if (element instanceof HTMLStyleElement) {
    element.nonce = nonce;
  }
  return element;
};

HTMLElement.prototype.setAttribute = function (name, value) {
  if (name === "style") {
    this.style.cssText = value;
  } else {
    setAttribute.call(this, name, value);
  }
};
