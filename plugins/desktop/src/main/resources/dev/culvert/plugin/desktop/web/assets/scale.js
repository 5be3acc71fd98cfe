// How large a desktop is drawn.

/**
 * @param size `fit` or `real`
 * @param density pixels of the screen for one of CSS, when the desktop counts those of the screen
 */
export function scale(stage, { width, height }, size, density = 1) {
  return size === "real" || width === 0 || height === 0
    ? 1 / density : Math.min(stage.clientWidth / width, stage.clientHeight / height) || 1 / density;
}
