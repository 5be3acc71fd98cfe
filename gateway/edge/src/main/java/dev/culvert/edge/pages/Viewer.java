package dev.culvert.edge.pages;

/// Who looks at a page: shown in its frame. Immutable.
///
/// @param name shown, may be empty
/// @param admin whether the frame leads to the admin area
/// @param csrf the session's, for the forms of the page
/// @param local whether this is a local account, with a password and passkeys of its own
public record Viewer(String email, String name, boolean admin, String csrf, boolean local) {
    /// What to call them.
    public String shown() {
        return name.isBlank() ? email : name;
    }

    /// One letter for the picture of them.
    public String initial() {
        String shown = shown().strip();
        return shown.isEmpty()
                ? "?"
                : new String(Character.toChars(Character.toUpperCase(shown.codePointAt(0))));
    }
}
