package dev.culvert.plugin.desktop.session;

/// How the user's screen is when a session begins. Immutable.
///
/// @param width in pixels, 200 to 8192, even
/// @param height in pixels, 200 to 8192
/// @param dpi 48 to 480
/// @param timezone `Europe/Berlin`; empty when it is not known
/// @param keyboard layout that the user chose, as [dev.culvert.plugin.edge.DesktopSettings#keyboard]; empty for the
///     application's
public record Screen(int width, int height, int dpi, String timezone, String keyboard) {
    public static final int LEAST = 200;
    public static final int MOST = 8192;
}
