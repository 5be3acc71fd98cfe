package dev.culvert.connector.link;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.registration.RegistrationClient;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// The control stream, connector's end: carries the registration conversation.
///
/// Confined to its connection's event loop.
final class Conversation implements StreamPeer, RegistrationClient.Events {
    /// What comes of it.
    interface Outcome {
        void registered(ConnectionDetails details);

        void refused(ConnectionError error);

        void unregistered();

        /// The conversation broke: the connection is of no use.
        void broken(String reason);
    }

    private final StreamPeer edge;
    private final Outcome outcome;
    private final RegistrationClient client;
    private boolean ended;

    Conversation(StreamPeer edge, Outcome outcome) {
        this.edge = edge;
        this.outcome = outcome;
        this.client =
                new RegistrationClient(
                        bytes -> {
                            if (!ended) {
                                edge.data(Unpooled.wrappedBuffer(bytes), false);
                            }
                        },
                        this);
    }

    void start(RegisterConnection call) {
        edge.response(StreamResponse.of(200, new HeaderList(0)), false);
        client.register(call);
    }

    void unregister() {
        client.unregister();
    }

    /// Pushes the local configuration; one that is too long is not sent.
    void tell(byte[] json) {
        if (json.length <= RegistrationClient.MAX_LOCAL_CONFIGURATION) {
            client.pushLocalConfiguration(json);
        }
    }

    private void end() {
        if (!ended) {
            client.close();
            ended = true;
            edge.data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void registered(ConnectionDetails details) {
        outcome.registered(details);
    }

    @Override
    public void refused(ConnectionError error) {
        end();
        outcome.refused(error);
    }

    @Override
    public void localConfigurationAccepted() {}

    @Override
    public void unregistered() {
        end();
        outcome.unregistered();
    }

    @Override
    public void failed(String reason) {
        ended = true;
        outcome.broken(reason);
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the edge opens the control stream");
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        try {
            client.receive(bytes.nioBuffer());
        } catch (ProtocolException e) {
            outcome.broken("the edge broke the registration protocol: " + e.getMessage());
        } finally {
            bytes.release();
        }
        edge.credit(size);
        if (end && !ended) {
            ended = true;
            outcome.broken("the edge ended the control stream");
        }
    }

    @Override
    public void trailers(HeaderList trailers) {
        data(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void reset(StreamFault fault) {
        if (!ended) {
            ended = true;
            outcome.broken("the control stream was reset: " + fault.detail());
        }
    }

    @Override
    public void credit(int bytes) {}
}
