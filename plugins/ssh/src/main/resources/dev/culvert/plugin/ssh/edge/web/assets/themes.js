// The terminal's colours. Against their ground all of them, black aside, have the contrast that WCAG asks of text;
// what programs mix themselves is brought there in the light and the high-contrast theme.

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

function palette(ground, ink, selected, normal, bright) {
  const theme = {
    background: ground, foreground: ink, cursor: ink, cursorAccent: ground, selectionBackground: selected,
    overviewRulerBorder: ground,
  };
  names.forEach((name, number) => {
    theme[name] = normal[number];
    theme[`bright${name[0].toUpperCase()}${name.slice(1)}`] = bright[number];
  });
  return theme;
}

const palettes = {
  dark: palette("#111618", "#e7ecec", "#2b5a63",
    ["#3b474c", "#ff8f89", "#83d8a4", "#edc476", "#86b6ff", "#d9a3ef", "#5cc6d2", "#d5dcdc"],
    ["#82939a", "#ffb3ae", "#a9e8c1", "#f6dba6", "#acceff", "#e8c4f7", "#8fe0e9", "#ffffff"]),
  light: palette("#ffffff", "#1a2326", "#b9dde2",
    ["#1a2326", "#a1242b", "#17643a", "#724c00", "#1d4f9f", "#7a2e8e", "#0a6572", "#5c676c"],
    ["#4a575d", "#b52b33", "#1c7244", "#815600", "#255bb5", "#893a9d", "#0c7382", "#69757a"]),
  contrast: palette("#000000", "#ffffff", "#0050a0",
    ["#595959", "#ff9c9c", "#5cff8a", "#ffff4d", "#9cc4ff", "#ffa6ff", "#4dffff", "#ffffff"],
    ["#a6a6a6", "#ffbdbd", "#9effba", "#ffffa3", "#c2dbff", "#ffccff", "#a3ffff", "#ffffff"]),
};

const leastContrast = { dark: 1, light: 4.5, contrast: 7 };

/** How xterm.js is to look: options of it. */
export function look(settings) {
  return {
    theme: palettes[settings.theme],
    minimumContrastRatio: leastContrast[settings.theme],
    fontSize: settings.fontSize,
    screenReaderMode: settings.screenReader,
  };
}

/** Colours of matches of a search. */
export function matchColours(settings) {
  const [match, active] = settings.theme === "light" ? ["#f3e0a8", "#e8b04a"] : ["#4a4220", "#8a6a10"];
  return {
    matchBackground: match, activeMatchBackground: active,
    matchOverviewRuler: active, activeMatchColorOverviewRuler: active,
  };
}
