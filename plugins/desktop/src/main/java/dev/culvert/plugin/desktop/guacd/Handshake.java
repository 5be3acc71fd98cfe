package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.RefusedException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.guacamole.GuacamoleException;
import org.apache.guacamole.GuacamoleServerException;
import org.apache.guacamole.io.GuacamoleReader;
import org.apache.guacamole.net.DelegatingGuacamoleSocket;
import org.apache.guacamole.protocol.ConfiguredGuacamoleSocket;
import org.apache.guacamole.protocol.GuacamoleClientInformation;
import org.apache.guacamole.protocol.GuacamoleConfiguration;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.jspecify.annotations.Nullable;

/// The beginning of a conversation with guacd, guacamole-common's: what guacd knows is looked at before it is told
/// anything. Within some seconds, since a guacd without the protocol's plugin says nothing at all.
///
/// Blocking; for one thread.
final class Handshake {
    static final Duration TIME = Duration.ofSeconds(5);

    private final GuacdSocket guacd;
    private final GuacamoleConfiguration configuration = new GuacamoleConfiguration();
    private @Nullable RefusedException refusal;

    /// What guacd is told, once it has said what it knows.
    interface Answer {
        /// @param known names of parameters
        Map<String, String> to(Set<String> known) throws RefusedException;
    }

    Handshake(GuacdSocket guacd) {
        this.guacd = guacd;
    }

    /// Begins a session of that kind.
    ///
    /// @return its name, by which others join
    String begin(String kind, GuacamoleClientInformation client, Answer answer)
            throws RefusedException {
        configuration.setProtocol(kind);
        return shake(kind, client, answer);
    }

    /// Joins one.
    void join(String session, String kind, GuacamoleClientInformation client, Answer answer)
            throws RefusedException {
        configuration.setConnectionID(session);
        String _ = shake(kind, client, answer);
    }

    /// Asks what guacd knows of that kind, and goes no further.
    Set<String> ask(String kind, Duration within) throws RefusedException {
        Deadline deadline = guacd.within(within);
        try {
            guacd.write(new GuacamoleInstruction("select", kind));
            GuacamoleInstruction args = guacd.getReader().readInstruction();
            if (args == null || !args.getOpcode().equals("args")) {
                throw new GuacamoleServerException(
                        "answered " + (args == null ? "nothing" : "no args"));
            }
            return names(args);
        } catch (GuacamoleException e) {
            throw failure(kind, deadline, e);
        } finally {
            deadline.close();
        }
    }

    private String shake(String kind, GuacamoleClientInformation client, Answer answer)
            throws RefusedException {
        Deadline deadline = guacd.within(TIME);
        try {
            return new ConfiguredGuacamoleSocket(new Asked(answer), configuration, client)
                    .getConnectionID();
        } catch (GuacamoleException e) {
            throw failure(kind, deadline, e);
        } finally {
            deadline.close();
            configuration.setParameters(Map.of());
        }
    }

    private RefusedException failure(String kind, Deadline deadline, GuacamoleException e) {
        if (refusal != null) {
            return refusal;
        }
        return new RefusedException(
                "guacd_refused",
                "guacd begins no session of kind "
                        + kind
                        + ": "
                        + (deadline.isMissed()
                                ? "it does not answer in time"
                                : OneLine.spaced(String.valueOf(e.getMessage()), 200))
                        + ".",
                "Look at guacd's log; of Debian, the package libguac-client-"
                        + kind
                        + "0 may be missing.");
    }

    private static Set<String> names(GuacamoleInstruction args) {
        return new HashSet<>(args.getArgs());
    }

    /// Sees guacd's `args` go by, before anything is answered.
    private final class Asked extends DelegatingGuacamoleSocket implements GuacamoleReader {
        private final Answer answer;

        Asked(Answer answer) {
            super(guacd);
            this.answer = answer;
        }

        @Override
        public GuacamoleReader getReader() {
            return this;
        }

        @Override
        public boolean available() throws GuacamoleException {
            return guacd.getReader().available();
        }

        @Override
        public char @Nullable [] read() throws GuacamoleException {
            return guacd.getReader().read();
        }

        @Override
        public @Nullable GuacamoleInstruction readInstruction() throws GuacamoleException {
            GuacamoleInstruction instruction = guacd.getReader().readInstruction();
            if (instruction != null && instruction.getOpcode().equals("args")) {
                try {
                    configuration.setParameters(answer.to(names(instruction)));
                } catch (RefusedException e) {
                    refusal = e;
                    throw new GuacamoleServerException("refused", e);
                }
            }
            return instruction;
        }
    }

    static GuacamoleClientInformation client(int width, int height, int dpi, String name) {
        GuacamoleClientInformation client = new GuacamoleClientInformation();
        client.setOptimalScreenWidth(width);
        client.setOptimalScreenHeight(height);
        client.setOptimalResolution(dpi);
        client.getImageMimetypes().addAll(List.of("image/png", "image/jpeg", "image/webp"));
        client.setName(name);
        return client;
    }
}
