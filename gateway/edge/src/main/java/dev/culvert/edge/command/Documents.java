package dev.culvert.edge.command;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Files that commands hand to the edge. Stateless.
final class Documents {
    private static final long MAX_BYTES = 1 << 20;

    private Documents() {}

    static String read(Path file) throws StateException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new StateException(
                        Code.INVALID, file + " is longer than 1 MiB", "name another file");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new StateException(
                    Code.NOT_FOUND, "there is no file " + file, "name one that is there", e);
        } catch (CharacterCodingException e) {
            throw new StateException(
                    Code.INVALID, file + " is not UTF-8", "save it as UTF-8 text", e);
        } catch (IOException e) {
            throw new StateException(
                    Code.INVALID, file + " cannot be read: " + e, "check who may read it", e);
        }
    }
}
