package dev.culvert.edge.identity;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.text.Normalizer;

/// Names of people, as they are shown: any script, one line, at most 100 characters, nothing that
/// changes how the text beside them reads.
final class PersonName {
    private static final int MAX_CHARACTERS = 100;

    private PersonName() {}

    static String parse(String text) throws StateException {
        String name =
                Normalizer.normalize(
                        text.length() > 10 * MAX_CHARACTERS ? "" : text.strip(),
                        Normalizer.Form.NFC);
        int characters = name.codePointCount(0, name.length());
        if (characters == 0
                || characters > MAX_CHARACTERS
                || name.codePoints().anyMatch(PersonName::isUnseen)) {
            throw new StateException(
                    Code.INVALID,
                    "name "
                            + StateException.quoted(text)
                            + " (expected: 1 to "
                            + MAX_CHARACTERS
                            + " visible characters)",
                    "write the name as it should be shown");
        }
        return name;
    }

    /// Control characters, line ends, and marks that turn the direction of text around.
    private static boolean isUnseen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    true;
            default -> false;
        };
    }
}
