package dev.culvert.edge.pages;

import org.jspecify.annotations.Nullable;

/// One recording: replayed, or watched while it is made. Immutable. Its player compiles WebAssembly, so this
/// page alone may.
///
/// @param dataUrl GET: the `.cast`, or its lines as server-sent events while it is made
/// @param castUrl GET: a download, and `sidecarUrl` likewise
/// @param checkUrl GET: JSON, what checking it says
/// @param playable false when this edge was built without the player
public record AdminRecordingPage(
        Viewer viewer,
        AdminRecordingsPage.Entry entry,
        boolean playable,
        String dataUrl,
        String castUrl,
        String sidecarUrl,
        String checkUrl,
        @Nullable Notice notice)
        implements Page {
    public boolean isLive() {
        return entry.state() == AdminRecordingsPage.State.LIVE;
    }

    @Override
    public boolean compilesWebAssembly() {
        return true;
    }
}
