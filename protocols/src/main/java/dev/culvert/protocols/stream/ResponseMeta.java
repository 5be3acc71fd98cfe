package dev.culvert.protocols.stream;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who made a response: the header `cf-cloudflared-response-meta`, a JSON object.
///
/// | field | value |
/// | --- | --- |
/// | `src` | `origin`, or `cloudflared` when the connector has no answer of the origin |
/// | `flow_rate_limited` | true with `cloudflared` when the connector is at its limit of streams |
/// | `culvert_error` | our own: [OriginFailure.Code] in lower case with the prefix `origin_` |
/// | `culvert_detail` | our own: [OriginFailure#detail()] |
///
/// Other fields are ignored, and so are our own beside `origin`.
///
/// Immutable.
///
/// @param failure null for an answer of the origin
public record ResponseMeta(@Nullable OriginFailure failure) {
    /// The response is the origin's.
    public static final ResponseMeta ORIGIN = new ResponseMeta(null);

    /// Characters of the JSON.
    public static final int MAX_LENGTH = 4096;

    private static final String ORIGIN_JSON = "{\"src\":\"origin\"}";
    private static final String CONNECTOR_JSON = "{\"src\":\"cloudflared\"}";
    private static final String LIMITED_JSON =
            "{\"src\":\"cloudflared\",\"flow_rate_limited\":true}";
    private static final String PREFIX = "origin_";

    private static final ResponseMeta UNREACHABLE =
            new ResponseMeta(new OriginFailure(OriginFailure.Code.UNREACHABLE, ""));
    private static final ResponseMeta OVERLOADED =
            new ResponseMeta(new OriginFailure(OriginFailure.Code.OVERLOADED, ""));

    public static ResponseMeta parse(String json) throws ProtocolException {
        return switch (json) {
            case ORIGIN_JSON -> ORIGIN;
            case CONNECTOR_JSON -> UNREACHABLE;
            case LIMITED_JSON -> OVERLOADED;
            default -> parseFields(FlatObject.parse("response meta", json, MAX_LENGTH));
        };
    }

    /// The JSON; a constant for a response of the origin and for a failure of no known reason.
    public String encode() {
        OriginFailure f = failure;
        if (f == null) {
            return ORIGIN_JSON;
        }
        if (f.code() == OriginFailure.Code.UNREACHABLE && f.detail().isEmpty()) {
            return CONNECTOR_JSON;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("src", "cloudflared");
        if (f.code() == OriginFailure.Code.OVERLOADED) {
            fields.put("flow_rate_limited", true);
        }
        fields.put("culvert_error", PREFIX + f.code().name().toLowerCase(Locale.ROOT));
        if (!f.detail().isEmpty()) {
            fields.put("culvert_detail", headerText(f.detail()));
        }
        return FlatObject.format(fields);
    }

    private static ResponseMeta parseFields(FlatObject fields) throws ProtocolException {
        String src = fields.requiredText("src");
        return switch (src) {
            case "origin" -> ORIGIN;
            case "cloudflared" -> {
                String detail = fields.text("culvert_detail");
                yield new ResponseMeta(
                        new OriginFailure(code(fields), detail == null ? "" : oneLine(detail)));
            }
            default ->
                    throw ProtocolException.of(
                            "response meta field src",
                            ProtocolException.quote(src),
                            "origin or cloudflared");
        };
    }

    /// A code of a later connector reads as UNREACHABLE.
    private static OriginFailure.Code code(FlatObject fields) {
        String error = fields.text("culvert_error");
        if (error != null) {
            for (OriginFailure.Code code : OriginFailure.Code.values()) {
                if (error.equals(PREFIX + code.name().toLowerCase(Locale.ROOT))) {
                    return code;
                }
            }
        }
        return fields.flag("flow_rate_limited")
                ? OriginFailure.Code.OVERLOADED
                : OriginFailure.Code.UNREACHABLE;
    }

    /// The value of a header: ASCII, so that no codec on the way changes it.
    private static String headerText(String detail) {
        StringBuilder text = new StringBuilder(detail.length());
        detail.codePoints().forEach(c -> text.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return text.toString();
    }

    private static String oneLine(String detail) {
        StringBuilder text = new StringBuilder(detail.length());
        detail.chars().forEach(c -> text.append(Character.isISOControl(c) ? ' ' : (char) c));
        return text.toString();
    }
}
