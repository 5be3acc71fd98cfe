package dev.culvert.protocols.rdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RdCleanPathTest {
    private static final byte[] REQUEST = RdpVectors.CLEAN_PATH_REQUEST;

    @Test
    void readsIronRdpsRequestAtAnySplit() throws Exception {
        for (int cut = 0; cut < REQUEST.length; cut++) {
            int length = RdCleanPath.length(ByteBuffer.wrap(REQUEST, 0, cut), REQUEST.length);
            assertThat(length).isEqualTo(cut < 2 ? -1 : REQUEST.length);
            byte[] part = Arrays.copyOf(REQUEST, cut);
            assertThatThrownBy(() -> RdCleanPath.decode(part))
                    .isInstanceOf(ProtocolException.class);
        }
        RdCleanPath.Request request = (RdCleanPath.Request) RdCleanPath.decode(REQUEST);
        assertThat(request.destination()).isEqualTo("office.example.com:3389");
        assertThat(request.proxyAuth()).isEqualTo("-");
        assertThat(
                        ConnectionRequest.decode(
                                ConnectionPacket.variablePart(
                                        ByteBuffer.wrap(request.x224()),
                                        ConnectionPacket.CONNECTION_REQUEST)))
                .isEqualTo(new ConnectionRequest("ann", null, 0x0b));
        assertThat(request.encode()).isEqualTo(REQUEST);
        assertThat(request.toString()).doesNotContain("-");
    }

    @Test
    void writesWhatItReads() throws Exception {
        byte[] confirm = Vectors.hex("030000130ed000000000000200080002000000");
        byte[] leaf = new byte[1500];
        RdCleanPath.Response response =
                new RdCleanPath.Response("office:3389", confirm, List.of(leaf, new byte[200]));
        RdCleanPath.Response read = (RdCleanPath.Response) RdCleanPath.decode(response.encode());
        assertThat(read.address()).isEqualTo("office:3389");
        assertThat(read.x224()).isEqualTo(confirm);
        assertThat(read.chain()).hasSize(2).first().isEqualTo(leaf);

        RdCleanPath.Failure refused = new RdCleanPath.Failure(1, 0, 10061, 0, null);
        assertThat(refused.encode())
                .isEqualTo(Vectors.hex("3015a00402020d3ea10d300ba003020101a2040202274d"));
        assertThat(RdCleanPath.decode(refused.encode())).isEqualTo(refused);
        RdCleanPath.Failure negotiation =
                (RdCleanPath.Failure)
                        RdCleanPath.decode(new RdCleanPath.Failure(2, 0, 0, 0, confirm).encode());
        assertThat(negotiation.code()).isEqualTo(RdCleanPath.NEGOTIATION_ERROR);
        assertThat(negotiation.x224()).isEqualTo(confirm);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3006a00402020d3d | version",
                "3000 | version",
                "300ea00402020d3ea2020c00a6020400 | no member 3",
                "300ea00402020d3ea2020c00a3020c00 | no connection request",
                "3013a00402020d3ea2020c00a3020c00a5030c0161 | Hyper-V",
                "3016a00402020d3ea2020c00a3020c00a6020400a7023000 | member 7",
                "3008a00402020d3ea800 | member 8",
                "3008a00402020d3eaa00 | member 10",
                "300ca00402020d3ea00402020d3e | member 0",
                "3012a00402020d3ea2020c00a3020c00a602040000 | too many",
                "3007a0050203000d3e | without padding",
                "3012a00402020d3ea2020d00a3020c00a6020400 | tag",
                "3013a00402020d3ea2030c0000a3020c00a6020400 | too many",
                "3013a00402020d3ea2030c01ffa3020c00a6020400 | UTF-8",
                "3080a00402020d3e0000 | length",
                "308106a00402020d3e | as few bytes",
                "31 | tag",
                "300aa00402020d3ea6020400 | no member 1"
            })
    void refusesOtherMessages(String bytes, String why) {
        assertThatThrownBy(() -> RdCleanPath.decode(Vectors.hex(bytes)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30822001", "3083000001", "04"})
    void neverWaitsForMoreThanItTakes(String bytes) {
        assertThatThrownBy(() -> RdCleanPath.length(ByteBuffer.wrap(Vectors.hex(bytes)), 8 * 1024))
                .isInstanceOf(ProtocolException.class);
    }
}
