// Where keys are on a PC's keyboard: scan codes of set 1 by `KeyboardEvent.code`; 0xe000 is added where a prefix E0 is.

const rows = {
  Escape: 0x01, Minus: 0x0c, Equal: 0x0d, Backspace: 0x0e, Tab: 0x0f, BracketLeft: 0x1a, BracketRight: 0x1b, Enter: 0x1c,
  ControlLeft: 0x1d, Semicolon: 0x27, Quote: 0x28, Backquote: 0x29, ShiftLeft: 0x2a, Backslash: 0x2b, Comma: 0x33,
  Period: 0x34, Slash: 0x35, ShiftRight: 0x36, NumpadMultiply: 0x37, AltLeft: 0x38, Space: 0x39, CapsLock: 0x3a,
  ScrollLock: 0x46, NumpadSubtract: 0x4a, NumpadAdd: 0x4e, NumpadDecimal: 0x53, IntlBackslash: 0x56, F11: 0x57, F12: 0x58,
  NumpadEqual: 0x59, KanaMode: 0x70, Lang2: 0x71, Lang1: 0x72, IntlRo: 0x73, Convert: 0x79, NonConvert: 0x7b,
  IntlYen: 0x7d, NumpadComma: 0x7e, Pause: 0xe046, NumpadEnter: 0xe01c, ControlRight: 0xe01d, AudioVolumeMute: 0xe020,
  AudioVolumeDown: 0xe02e, AudioVolumeUp: 0xe030, NumpadDivide: 0xe035, PrintScreen: 0xe037, AltRight: 0xe038,
  NumLock: 0x45, Home: 0xe047, ArrowUp: 0xe048, PageUp: 0xe049, ArrowLeft: 0xe04b, ArrowRight: 0xe04d, End: 0xe04f,
  ArrowDown: 0xe050, PageDown: 0xe051, Insert: 0xe052, Delete: 0xe053, MetaLeft: 0xe05b, MetaRight: 0xe05c,
  ContextMenu: 0xe05d,
};

const runs = [
  ["Digit", "1234567890", 0x02], ["Key", "QWERTYUIOP", 0x10], ["Key", "ASDFGHJKL", 0x1e], ["Key", "ZXCVBNM", 0x2c],
  ["Numpad", "789", 0x47], ["Numpad", "456", 0x4b], ["Numpad", "1230", 0x4f], ["F", "123456789", 0x3b],
];

const codes = new Map(Object.entries(rows));
for (const [prefix, names, first] of runs) {
  [...names].forEach((name, number) => codes.set(prefix + name, first + number));
}
codes.set("F10", 0x44);

/** Undefined for a key that PCs have not. */
export function scancode(code) {
  return codes.get(code);
}
