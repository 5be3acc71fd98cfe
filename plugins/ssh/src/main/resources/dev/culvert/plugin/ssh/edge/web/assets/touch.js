// A finger that moves over the terminal turns its wheel: xterm.js then scrolls, or tells the program that wants to know.

export function turnWheelByTouch(element) {
  let last = null;
  element.addEventListener("touchstart", ({ touches }) => { last = touches.length === 1 ? touches[0] : null; });
  element.addEventListener("touchend", () => { last = null; });
  element.addEventListener("touchmove", ({ touches: [touch] }) => {
    if (last !== null) {
      element.querySelector(".xterm-screen").dispatchEvent(new WheelEvent("wheel", {
        deltaY: last.clientY - touch.clientY, clientX: touch.clientX, clientY: touch.clientY, bubbles: true, cancelable: true,
      }));
      last = touch;
    }
  });
}
