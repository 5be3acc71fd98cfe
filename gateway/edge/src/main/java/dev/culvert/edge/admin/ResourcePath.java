package dev.culvert.edge.admin;

import dev.culvert.edge.admin.AdminApi.Refusal;
import dev.culvert.edge.state.StateException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a request's path names below `/api/v1`, percent-decoded. Immutable.
///
/// @param segments without empty ones
/// @param force whether the query says `force=true`
record ResourcePath(List<String> segments, boolean force) {
    private static final String PREFIX = "/api/v1/";
    private static final int MAX_LENGTH = 2048;
    private static final Set<String> QUERIES = Set.of("", "force=true", "force=false");

    static ResourcePath parse(String path) throws Refusal {
        int question = path.indexOf('?');
        String plain = question < 0 ? path : path.substring(0, question);
        String query = question < 0 ? "" : path.substring(question + 1);
        if (path.length() > MAX_LENGTH || !plain.startsWith(PREFIX)) {
            throw unknown(path);
        }
        boolean force = false;
        for (String parameter : query.split("&")) {
            if (!QUERIES.contains(parameter)) {
                throw new Refusal(
                        400,
                        "invalid",
                        "query "
                                + StateException.quoted(parameter)
                                + " (expected: force=true or force=false)",
                        "leave it out");
            }
            force = parameter.equals("force=true");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : plain.substring(PREFIX.length()).split("/", -1)) {
            try {
                segments.add(
                        URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw unknown(path);
            }
        }
        return new ResourcePath(List.copyOf(segments), force);
    }

    static Refusal unknown(String path) {
        return new Refusal(
                404,
                "not_found",
                "there is nothing at " + StateException.quoted(path),
                "see the table of requests in docs/admin-api.md");
    }
}
