package dev.culvert.edge.pages;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Every record of [Page] with the same text wherever a text can be: by reflection, so that no page and
/// no field is forgotten.
final class FilledPages {
    /// Enough turns that every value of every enum comes up, with `true` and with `false`.
    private static final int TURNS = 10;

    private final String text;
    private int turn;

    private FilledPages(String text, int turn) {
        this.text = text;
        this.turn = turn;
    }

    static Stream<Page> with(String text) {
        return Arrays.stream(Page.class.getPermittedSubclasses())
                .flatMap(type ->
                        IntStream.range(0, TURNS)
                                .mapToObj(turn -> (Page) new FilledPages(text, turn).record(type)));
    }

    private Object record(Class<?> type) {
        if (type == ContinuePage.class) {
            return new ContinuePage("https://" + text, text);
        }
        RecordComponent[] parts = type.getRecordComponents();
        Object[] values = Arrays.stream(parts).map(p -> value(p.getGenericType())).toArray();
        try {
            Constructor<?> constructor =
                    type.getDeclaredConstructor(
                            Arrays.stream(parts)
                                    .map(RecordComponent::getType)
                                    .toArray(Class[]::new));
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("cannot make " + type, e);
        }
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return List.of(
                    value(list.getActualTypeArguments()[0]),
                    value(list.getActualTypeArguments()[0]));
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            Object[] constants = plain.getEnumConstants();
            return constants[turn / 2 % constants.length];
        }
        return plain.isRecord() ? record(plain) : simple(plain);
    }

    private Object simple(Class<?> type) {
        return switch (type.getName()) {
            case "java.lang.String" -> text;
            case "java.time.Instant" -> Instant.EPOCH;
            case "boolean" -> turn % 2 == 0;
            case "int" -> 12;
            case "long" -> 1L << 33;
            case "double" -> 1.5;
            default -> throw new AssertionError("no value for " + type);
        };
    }
}
