package dev.culvert.edge.adminarea;

import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One place of the admin area. Thread-safe. Blocking: virtual threads only.
interface Place {
    /// @param notice what became of a change, null for none
    void show(Visit visit, int status, @Nullable Notice notice) throws IOException, StateException;

    /// Makes the change of a form and shows what became of it.
    ///
    /// @param action the rest of the form's path
    /// @return false when there is no such change: nothing was answered
    /// @throws StateException when it was not made: nothing was answered
    default boolean change(Visit visit, String action) throws IOException, StateException {
        return false;
    }
}
