package dev.culvert.protocols.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Header fields in the order they came, names in the spelling they came with, duplicates kept.
///
/// Look-ups ignore the case of names (RFC 9110, section 5.1). Values are kept as they are; whoever
/// parses a message from the wire has checked them for control characters before they get here.
///
/// Mutable and not thread-safe: owned by one side of a stream at a time, handed over with it.
public final class HeaderList {
    private String[] pairs;
    private int count;

    public HeaderList() {
        this(16);
    }

    /// @param expected number of fields to make room for
    public HeaderList(int expected) {
        pairs = new String[Math.max(2, expected * 2)];
    }

    /// A list of the given names and values in turn.
    public static HeaderList of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value: " + namesAndValues.length);
        }
        HeaderList list = new HeaderList(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            list.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return list;
    }

    public HeaderList copy() {
        HeaderList list = new HeaderList(count + 4);
        System.arraycopy(pairs, 0, list.pairs, 0, count * 2);
        list.count = count;
        return list;
    }

    /// Number of fields, duplicates counted.
    public int size() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /// Name of field `i`, 0 to [#size()] - 1.
    public String name(int i) {
        return pairs[2 * i];
    }

    /// Value of field `i`, 0 to [#size()] - 1.
    public String value(int i) {
        return pairs[2 * i + 1];
    }

    public HeaderList add(String name, String value) {
        if (2 * count == pairs.length) {
            pairs = Arrays.copyOf(pairs, pairs.length * 2);
        }
        pairs[2 * count] = name;
        pairs[2 * count + 1] = value;
        count++;
        return this;
    }

    /// Replaces every field of this name by one, added at the end.
    public HeaderList set(String name, String value) {
        remove(name);
        return add(name, value);
    }

    /// The first value of this name, or null.
    public @Nullable String first(String name) {
        for (int i = 0; i < count; i++) {
            if (name(i).equalsIgnoreCase(name)) {
                return value(i);
            }
        }
        return null;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    /// Every value of this name, in order.
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < count; i++) {
            if (name(i).equalsIgnoreCase(name)) {
                values.add(value(i));
            }
        }
        return values;
    }

    /// Whether a comma-separated list header holds this token in any of its values, ignoring case.
    public boolean hasToken(String name, String token) {
        for (int i = 0; i < count; i++) {
            if (name(i).equalsIgnoreCase(name)) {
                for (String part : value(i).split(",")) {
                    if (part.strip().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    public HeaderList remove(String name) {
        return removeIf(n -> n.equalsIgnoreCase(name));
    }

    /// Removes every field whose name, as spelled, passes the test.
    public HeaderList removeIf(Predicate<String> name) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (!name.test(pairs[2 * i])) {
                pairs[2 * kept] = pairs[2 * i];
                pairs[2 * kept + 1] = pairs[2 * i + 1];
                kept++;
            }
        }
        Arrays.fill(pairs, 2 * kept, 2 * count, null);
        count = kept;
        return this;
    }

    public void forEach(BiConsumer<String, String> each) {
        for (int i = 0; i < count; i++) {
            each.accept(name(i), value(i));
        }
    }

    /// Equal when the same fields stand in the same order; names compared without case.
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof HeaderList that) || that.count != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!name(i).equalsIgnoreCase(that.name(i)) || !value(i).equals(that.value(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = count;
        for (int i = 0; i < count; i++) {
            hash = 31 * hash + name(i).toLowerCase(Locale.ROOT).hashCode();
            hash = 31 * hash + value(i).hashCode();
        }
        return hash;
    }

    /// Names only: values may be secrets.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ", ").append(name(i));
        }
        return text.append(']').toString();
    }
}
