package dev.culvert.plugin.edge;

import java.util.regex.Pattern;

/// Text of somebody else's, to be shown on one line of a log, a page, a recording or a terminal. Without what ends
/// a line, what a terminal obeys (the controls below U+0020 and those from U+007F to U+009F), and what is not seen
/// but changes how the rest is shown, such as marks of direction. Stateless.
public final class OneLine {
    private static final String CONTROL = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";
    private static final Pattern ONE = Pattern.compile(CONTROL);
    private static final Pattern MANY = Pattern.compile(CONTROL + "+");

    /// Of ASCII: some terminals show nothing else.
    private static final String CUT = "...";

    private OneLine() {}

    /// For sentences: blanks instead of those, none at both ends.
    ///
    /// @param longest what is longer is cut there, and ends with three dots
    public static String spaced(String text, int longest) {
        return cut(MANY.matcher(text).replaceAll(" ").strip(), longest);
    }

    /// For names: a `?` instead of each of those, so that it is seen that there is something.
    ///
    /// @param longest what is longer is cut there, and ends with three dots
    public static String marked(String text, int longest) {
        return cut(ONE.matcher(text).replaceAll("?"), longest);
    }

    private static String cut(String line, int longest) {
        if (line.length() <= longest) {
            return line;
        }
        boolean splits = Character.isHighSurrogate(line.charAt(longest - 1));
        return line.substring(0, splits ? longest - 1 : longest) + CUT;
    }
}
