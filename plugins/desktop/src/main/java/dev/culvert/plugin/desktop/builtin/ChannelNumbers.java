package dev.culvert.plugin.desktop.builtin;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.McsConnectResponse;
import java.util.List;

/// The static channels of a session: what the browser asked for, which of them it may use, and the numbers the host
/// gave them. Written by both directions once each. Thread-safe.
final class ChannelNumbers {
    private List<String> asked = List.of();
    private boolean isAsked;
    private McsConnectResponse given = new McsConnectResponse(0, List.of(), 0);

    /// What the browser asked for, in its order.
    synchronized void ask(List<String> names) {
        asked = List.copyOf(names);
        isAsked = true;
    }

    /// What the host answered.
    synchronized void give(McsConnectResponse response) throws ProtocolException {
        if (!isAsked || response.channels().size() != asked.size()) {
            throw ProtocolException.of(
                    "the host's channels", response.channels().size(), "" + asked.size());
        }
        given = response;
    }

    /// Where everything goes that is no virtual channel; false for all numbers before the host has answered.
    synchronized boolean isIo(int number) {
        return number != 0 && number == given.ioChannel();
    }

    synchronized boolean isMessages(int number) {
        return number != 0 && number == given.messageChannel();
    }

    /// Whether the host took that number for a channel of this name.
    synchronized boolean is(int number, String name) {
        for (int i = 0; i < given.channels().size(); i++) {
            if (given.channels().get(i) == number) {
                return asked.get(i).equalsIgnoreCase(name);
            }
        }
        return false;
    }
}
