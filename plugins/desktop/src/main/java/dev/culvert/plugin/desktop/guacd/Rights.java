package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.DesktopSettings;
import java.util.LinkedHashSet;
import java.util.Set;

/// What one browser may do in a session. Immutable.
///
/// @param input keys, mouse, touch
/// @param resize of the host's screen
/// @param clipboardIn text to the host
/// @param clipboardOut text from it
/// @param filesIn files to the host
/// @param filesOut files from it
/// @param audio what the host plays
record Rights(
        boolean input,
        boolean resize,
        boolean clipboardIn,
        boolean clipboardOut,
        boolean filesIn,
        boolean filesOut,
        boolean audio) {
    static Rights of(DesktopSettings settings) {
        boolean acts = !settings.readOnly();
        return new Rights(
                acts,
                true,
                acts && settings.clipboard().in(),
                settings.clipboard().out(),
                acts && settings.files().in(),
                acts && settings.files().out(),
                settings.audio());
    }

    /// Of somebody who watches: the picture and, with control, keyboard and mouse.
    static Rights watching(boolean control) {
        return new Rights(control, false, false, false, false, false, false);
    }

    /// Parameters by which guacd holds to them too, each to be `true`. A guacd that does not know one of them is not
    /// used.
    ///
    /// @param drive whether guacd makes a drive on the host
    Set<String> denials(String kind, boolean drive) {
        Set<String> names = new LinkedHashSet<>();
        add(names, !input, "read-only");
        add(names, !clipboardOut, "disable-copy");
        add(names, !clipboardIn, "disable-paste");
        if (kind.equals("rdp")) {
            add(names, !audio, "disable-audio");
            add(names, drive && !filesOut, "disable-download");
            add(names, drive && !filesIn, "disable-upload");
        }
        return names;
    }

    private static void add(Set<String> names, boolean denied, String name) {
        if (denied) {
            names.add(name);
        }
    }

    boolean files() {
        return filesIn || filesOut;
    }
}
