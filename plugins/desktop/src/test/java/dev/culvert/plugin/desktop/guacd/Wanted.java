package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.DesktopSettings.Direction;
import dev.culvert.plugin.edge.SshSettings.Recording;

/// What an application says about its desktop, for tests.
final class Wanted {
    private Wanted() {}

    static final DesktopSettings EVERYTHING =
            settings(false, Direction.BOTH, Direction.BOTH, true, Recording.REQUIRED);

    /// To look at, and nothing else.
    static final DesktopSettings NOTHING =
            settings(true, Direction.NONE, Direction.NONE, false, Recording.OFF);

    static DesktopSettings settings(
            boolean readOnly,
            Direction clipboard,
            Direction files,
            boolean audio,
            Recording recording) {
        DesktopSettings some = DesktopSettings.DEFAULT;
        return new DesktopSettings(
                some.engine(),
                false,
                readOnly,
                clipboard,
                files,
                audio,
                recording,
                true,
                some.host(),
                some.security(),
                null,
                some.connect(),
                some.idle(),
                some.sessionsPerUser());
    }
}
