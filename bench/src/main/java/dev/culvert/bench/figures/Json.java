package dev.culvert.bench.figures;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON (RFC 8259) of maps, iterables, strings, numbers, booleans and null; numbers that JSON has no
/// word for become null. Maps and lists of maps take a line an entry. Holds no state.
public final class Json {
    private Json() {}

    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, 0, out);
        return out.append('\n').toString();
    }

    private static void write(@Nullable Object value, int depth, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> {
                boolean lines = depth < 2;
                out.append('{');
                for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator();
                        i.hasNext(); ) {
                    Map.Entry<?, ?> entry = i.next();
                    separate(lines, depth + 1, out);
                    text(String.valueOf(entry.getKey()), out);
                    out.append(": ");
                    write(entry.getValue(), depth + 1, out);
                    out.append(i.hasNext() ? lines ? "," : ", " : "");
                }
                separate(lines && !map.isEmpty(), depth, out);
                out.append('}');
            }
            case Iterable<?> list -> {
                boolean lines = list.iterator().hasNext() && list.iterator().next() instanceof Map;
                out.append('[');
                for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
                    separate(lines, depth + 1, out);
                    write(i.next(), depth + 1, out);
                    out.append(i.hasNext() ? lines ? "," : ", " : "");
                }
                separate(lines, depth, out);
                out.append(']');
            }
            case Double number -> out.append(number(number));
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> text(value.toString(), out);
        }
    }

    private static void separate(boolean lines, int depth, StringBuilder out) {
        if (lines) {
            out.append('\n').repeat(" ", 2 * depth);
        }
    }

    /// Six digits are more than a measurement has.
    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "null";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(
                        new java.math.BigDecimal(value)
                                .round(new java.math.MathContext(6))
                                .doubleValue());
    }

    private static void text(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
