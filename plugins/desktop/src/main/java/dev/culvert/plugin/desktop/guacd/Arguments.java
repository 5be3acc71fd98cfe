package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.guacamole.protocol.GuacamoleInstruction;

/// What stands in an instruction, checked. Immutable.
record Arguments(GuacamoleInstruction instruction) {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,9}");

    String opcode() {
        return instruction.getOpcode();
    }

    int count() {
        return instruction.getArgs().size();
    }

    String text(int index) throws ProtocolException {
        List<String> arguments = instruction.getArgs();
        if (index >= arguments.size()) {
            throw ProtocolException.of(
                    ProtocolException.quote(opcode()),
                    arguments.size() + " arguments",
                    "at least " + (index + 1));
        }
        return arguments.get(index);
    }

    int number(int index) throws ProtocolException {
        String text = text(index);
        if (!WHOLE.matcher(text).matches()) {
            throw ProtocolException.of(
                    ProtocolException.quote(opcode()),
                    ProtocolException.quote(text),
                    "a whole number");
        }
        return Integer.parseInt(text);
    }

    /// The first of them as numbers, and no others.
    GuacamoleInstruction numbers(int wanted) throws ProtocolException {
        String[] numbers = new String[wanted];
        for (int i = 0; i < wanted; i++) {
            numbers[i] = Integer.toString(number(i));
        }
        return new GuacamoleInstruction(opcode(), numbers);
    }
}
