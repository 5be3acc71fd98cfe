package dev.culvert.protocols;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// The bytes recorded from a real cloudflared; `vectors/README.md` says what they hold.
public final class Vectors {
    /// Folders with one registration conversation each.
    public static final List<String> CONVERSATIONS =
            List.of(
                    "http2-local",
                    "http2-remote",
                    "http2-refused",
                    "http2-refused-retry",
                    "quic-local");

    private Vectors() {}

    public static byte[] bytes(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Names of the numbered files of a conversation, in order, `folder/NN-direction-….bin`.
    public static List<String> messages(String folder) {
        try (Stream<Path> files =
                Files.list(Path.of(Vectors.class.getResource("/vectors/" + folder).toURI()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d\\d-.*\\.bin"))
                    .sorted()
                    .map(name -> folder + "/" + name)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// All of one direction of a conversation, `c2e` or `e2c`.
    public static List<String> messages(String folder, String direction) {
        return messages(folder).stream()
                .filter(name -> name.contains("-" + direction + "-"))
                .toList();
    }

    public static Stream<String> allMessages() {
        return CONVERSATIONS.stream().flatMap(folder -> messages(folder).stream());
    }

    public static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
