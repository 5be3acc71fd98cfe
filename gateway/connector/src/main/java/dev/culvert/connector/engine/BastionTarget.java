package dev.culvert.connector.engine;

import dev.culvert.connector.destination.CheckedDialler;
import dev.culvert.connector.destination.JumpDestination;
import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import java.util.List;

/// The service `bastion`: leads where the request's header says, as far as the rules permit.
///
/// Thread-safe.
final class BastionTarget implements StreamTarget {
    private static final String HEADER = "cf-access-jump-destination";

    private final CheckedDialler dialler;
    private final DialSettings settings;

    BastionTarget(CheckedDialler dialler, DialSettings settings) {
        this.dialler = dialler;
        this.settings = settings;
    }

    private record Chosen(Endpoint endpoint, DialSettings dialling) implements ByteOrigin {}

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        List<String> named = request.headers().all(HEADER);
        JumpDestination destination;
        try {
            if (named.size() != 1 || named.getFirst().isBlank()) {
                throw new IllegalArgumentException(
                        named.size() > 1
                                ? "the client named " + named.size() + " destinations"
                                : "the client named no destination");
            }
            destination = JumpDestination.parse(named.getFirst());
        } catch (IllegalArgumentException e) {
            return StreamRouter.fail(
                    caller,
                    loop,
                    OriginFailure.Code.DESTINATION,
                    "bastion: " + String.valueOf(e.getMessage()));
        }
        Endpoint endpoint = new Endpoint.Tcp(destination.host(), destination.port());
        return new ByteOriginTarget(
                        new Chosen(endpoint, settings),
                        (to, handler) ->
                                dialler.dial(destination.host(), destination.port(), to, handler),
                        false)
                .open(request, caller, loop);
    }
}
