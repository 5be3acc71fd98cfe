// What has the focus while somebody types: browsers compose text (dead keys, input methods, keyboards of telephones) only
// into fields. Nothing stays in it.

const coarse = matchMedia("(pointer: coarse)");

export class Sink {
  element = document.createElement("textarea");

  constructor(place) {
    const field = this.element;
    field.className = "sink";
    field.setAttribute("aria-label", "Desktop. Ctrl+Alt+Shift leaves it for the tools of the page.");
    field.autocapitalize = "none";
    field.autocomplete = "off";
    field.spellcheck = false;
    field.setAttribute("autocorrect", "off");
    field.addEventListener("compositionend", () => { field.value = ""; });
    field.addEventListener("input", ({ isComposing }) => {
      if (!isComposing) {
        field.value = "";
      }
    });
    place.append(field);
  }

  /** @param withKeyboard whether a telephone shows its own; taps on the desktop do not call for it */
  focus(withKeyboard = false) {
    this.element.inputMode = coarse.matches && !withKeyboard ? "none" : "text";
    this.element.focus({ preventScroll: true });
  }
}
