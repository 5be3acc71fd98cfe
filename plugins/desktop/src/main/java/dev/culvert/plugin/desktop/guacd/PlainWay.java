package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.TunnelStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/// guacd's bytes as they are: VNC, telnet, and RDP with NLA, where the password does not go to whoever is not the host
/// (CredSSP binds it to the certificate's key).
///
/// @param admitted whose streams lead to the host
record PlainWay(Admitted admitted) implements HostWay {
    @Override
    public Joined join(Socket guacd) throws IOException, InterruptedException {
        TunnelStream stream = admitted.open();
        return new Joined(
                guacd.getInputStream(),
                new Ending(guacd.getOutputStream(), guacd::shutdownOutput),
                stream.input(),
                new Ending(stream.output(), stream::endOutput),
                stream);
    }

    /// Closing it ends one direction alone.
    static final class Ending extends FilterOutputStream {
        private final End end;

        interface End {
            void end() throws IOException;
        }

        Ending(OutputStream to, End end) {
            super(to);
            this.end = end;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            end.end();
        }
    }
}
