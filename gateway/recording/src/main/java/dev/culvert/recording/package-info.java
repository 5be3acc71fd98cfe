/// Recordings of sessions: made, found, checked. The format is in `docs/recordings.md`.
///
/// Nothing here knows the edge or SSH, and checking one takes neither state nor configuration.
@NullMarked
package dev.culvert.recording;

import org.jspecify.annotations.NullMarked;
