package dev.culvert.plugin.edge.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/// A file of the page. Immutable.
///
/// @param name below the folder of all assets, such as `libraries/@xterm/xterm/css/xterm.css`
/// @param zipped the same by gzip
public record WebAsset(String name, byte[] bytes, byte[] zipped) {
    static WebAsset of(String name, byte[] bytes) {
        return new WebAsset(name, bytes, zip(bytes));
    }

    public String type() {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".css" -> "text/css; charset=utf-8";
            case ".js", ".mjs" -> "text/javascript; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            case ".wasm" -> "application/wasm";
            default -> "text/plain; charset=utf-8";
        };
    }

    private static byte[] zip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
