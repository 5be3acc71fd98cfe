package dev.culvert.plugin.desktop.guacd;

/// What a stream of Guacamole's protocol carries.
enum StreamKind {
    /// There is none of that index.
    NONE,
    /// There is one whose bytes go no further.
    REFUSED,
    IMAGE,
    AUDIO,
    CLIPBOARD,
    FILE,
    /// Names in a directory of a drive.
    LISTING
}
