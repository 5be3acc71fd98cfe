package dev.culvert.edge.pages;

import org.jspecify.annotations.Nullable;

/// One recording of a desktop, replayed. Immutable.
///
/// @param hasKeys whether it holds the keys that were pressed
/// @param watchUrl GET: where the session is watched, null when it does not run any more
/// @param dataUrl GET: the `.guac`, as much as there is
/// @param downloadUrl GET: a download of it, and `sidecarUrl` of the other file
/// @param checkUrl GET: JSON, what checking it says
public record AdminDesktopRecordingPage(
        Viewer viewer,
        AdminRecordingsPage.Entry entry,
        boolean hasKeys,
        @Nullable String watchUrl,
        String dataUrl,
        String downloadUrl,
        String sidecarUrl,
        String checkUrl,
        @Nullable Notice notice)
        implements Page {
    public boolean isLive() {
        return entry.state() == AdminRecordingsPage.State.LIVE;
    }
}
