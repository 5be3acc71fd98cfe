package dev.culvert.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class StdioForwardTest extends StreamContract {
    @Override
    Local open(Route route) throws Exception {
        Pipe up = Pipe.open();
        Pipe down = Pipe.open();
        CompletableFuture<Problem> end = new CompletableFuture<>();
        InputStream input = Channels.newInputStream(up.source());
        OutputStream output = Channels.newOutputStream(down.sink());
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        var socket = Dialer.dial(route, Trust.context(route.caFile()));
                        end.complete(new StdioForward(route, socket, input, output, 30_000).run());
                    } catch (IOException e) {
                        end.complete(Explanation.of(e, route));
                    } finally {
                        closeQuietly(output);
                    }
                });
        return new Piped(up, down, end);
    }

    private static void closeQuietly(OutputStream output) {
        try {
            output.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private record Piped(Pipe up, Pipe down, CompletableFuture<Problem> end) implements Local {
        @Override
        public OutputStream out() {
            return Channels.newOutputStream(up.sink());
        }

        @Override
        public InputStream in() {
            return Channels.newInputStream(down.source());
        }

        @Override
        public void endOutput() throws IOException {
            up.sink().close();
        }

        @Override
        public Problem problem() throws Exception {
            return end.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws Exception {
            up.sink().close();
            down.source().close();
        }
    }
}
