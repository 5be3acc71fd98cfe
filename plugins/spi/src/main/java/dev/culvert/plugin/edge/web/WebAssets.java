package dev.culvert.plugin.edge.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Files of a page below one folder whose name is a hash of all of them: scripts import each other by
/// relative names, and browsers may keep every one for good. Immutable.
public final class WebAssets {
    private final String folder;
    private final Map<String, WebAsset> byUrl;
    private final List<String> missing;

    private WebAssets(String folder, Map<String, WebAsset> byUrl, List<String> missing) {
        this.folder = folder;
        this.byUrl = byUrl;
        this.missing = missing;
    }

    /// @param owner of the resources
    /// @param base where the folder is, such as `/.culvert/ssh/assets/`
    /// @param names resources below `assets/` of its package
    public static WebAssets read(Class<?> owner, String base, List<String> names) {
        Map<String, WebAsset> found = new LinkedHashMap<>();
        for (String name : names) {
            byte[] bytes = resource(owner, name);
            if (bytes != null) {
                found.put(name, WebAsset.of(name, bytes));
            }
        }
        String folder = base + hash(found) + '/';
        Map<String, WebAsset> byUrl = new LinkedHashMap<>();
        found.forEach((name, asset) -> byUrl.put(folder + name, asset));
        List<String> missing = names.stream().filter(name -> !found.containsKey(name)).toList();
        return new WebAssets(folder, byUrl, missing);
    }

    /// Ends with `/`.
    public String folder() {
        return folder;
    }

    /// Names without a resource.
    public List<String> missing() {
        return missing;
    }

    public @Nullable WebAsset at(String path) {
        return byUrl.get(path);
    }

    /// A file below `assets/` of a class's package, null when there is none.
    public static byte @Nullable [] resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream("assets/" + name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// 64 bits of SHA-256.
    private static String hash(Map<String, WebAsset> assets) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (WebAsset asset : assets.values()) {
                digest.update((asset.name() + '\n').getBytes(StandardCharsets.UTF_8));
                digest.update(MessageDigest.getInstance("SHA-256").digest(asset.bytes()));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
