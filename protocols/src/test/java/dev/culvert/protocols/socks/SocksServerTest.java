package dev.culvert.protocols.socks;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.protocols.socks.SocksServer.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocksServerTest {
    private static final HexFormat HEX = HexFormat.of();

    /// Steps as text, then the bytes that were left.
    private static List<String> run(byte[] input, int... cuts) {
        SocksServer server = new SocksServer();
        List<String> steps = new ArrayList<>();
        int from = 0;
        int taken = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : input.length;
            ByteBuffer piece = ByteBuffer.wrap(input, from, to - from);
            for (Step step = server.receive(piece); step != null; step = server.receive(piece)) {
                steps.add(text(step));
            }
            taken += piece.position() - from;
            from = to;
        }
        steps.add("left " + (input.length - taken));
        return steps;
    }

    private static String text(Step step) {
        return switch (step) {
            case Step.Method m -> "method " + HEX.formatHex(m.answer());
            case Step.Connect c -> "connect " + c.request();
            case Step.Refuse r -> "refuse " + HEX.formatHex(r.answer());
        };
    }

    @ParameterizedTest
    @CsvSource({
        "050100 050100010a0000050016, method 0500;connect 10.0.0.5:22;left 0",
        "05020200 0501000100000000ffff, method 0500;connect 0.0.0.0:65535;left 0",
        "050100 050100030b6578616d706c652e636f6d01bb, method 0500;connect example.com:443;left 0",
        "050100 0501000420010db8000000000000000000000001 0050,"
                + " method 0500;connect [2001:db8:0:0:0:0:0:1]:80;left 0",
        "050100 0501000400000000000000000000ffff7f000001 0016,"
                + " method 0500;connect 127.0.0.1:22;left 0",
        "050100 050100010a0000050016 5353482d, method 0500;connect 10.0.0.5:22;left 4",
        "050100 050100030461 5f2d2e0001, method 0500;connect a_-.:1;left 0",
        "04010016 0a000005, refuse ;left 7",
        "474554, refuse ;left 2",
        "0500, refuse 05ff;left 0",
        "050102, refuse 05ff;left 0",
        "050100 050200010a0000050016, method 0500;refuse 05070001000000000000;left 0",
        "050100 050300010a0000050016, method 0500;refuse 05070001000000000000;left 0",
        "050100 050100020a, method 0500;refuse 05080001000000000000;left 0",
        "050100 04, method 0500;refuse 05010001000000000000;left 0",
        "050100 050100010a0000050000, method 0500;refuse 05010001000000000000;left 0",
        "050100 05010003000016, method 0500;refuse 05010001000000000000;left 0",
        "050100 0501000302612f0016, method 0500;refuse 05010001000000000000;left 0",
        "050100 050100030261000016, method 0500;refuse 05010001000000000000;left 0",
    })
    void answersTheSameWholeAndCutAnywhere(String hex, String expected) {
        byte[] input = HEX.parseHex(hex.replace(" ", ""));
        assertThat(String.join(";", run(input))).isEqualTo(expected);
        int[] everywhere = new int[input.length];
        for (int i = 0; i < input.length; i++) {
            everywhere[i] = i;
            assertThat(String.join(";", run(input, i))).isEqualTo(expected);
        }
        assertThat(String.join(";", run(input, everywhere))).isEqualTo(expected);
    }

    @Test
    void waitsForTheRestOfATruncatedOpening() {
        byte[] whole = HEX.parseHex("050100" + "050100030b6578616d706c652e636f6d01bb");
        for (int i = 0; i < whole.length; i++) {
            assertThat(run(java.util.Arrays.copyOf(whole, i)))
                    .noneMatch(s -> s.contains("connect"));
        }
    }

    @Test
    void takesTheLongestNameAndGreeting() {
        byte[] greeting = new byte[257];
        greeting[0] = 5;
        greeting[1] = (byte) 255;
        SocksServer server = new SocksServer();
        assertThat(server.receive(ByteBuffer.wrap(greeting))).isInstanceOf(Step.Method.class);
        SocksRequest request = new SocksRequest("a".repeat(255), 22);
        assertThat(request.encode()).hasSize(SocksServer.MAX_MESSAGE);
        assertThat(server.receive(ByteBuffer.wrap(request.encode())))
                .isEqualTo(new Step.Connect(request));
    }

    /// Any bytes give the same outcome whole and one by one, and a request survives being written.
    @FuzzTest
    void readsAnyBytes(byte[] input) {
        int[] everywhere = new int[input.length];
        for (int i = 0; i < input.length; i++) {
            everywhere[i] = i;
        }
        assertThat(run(input, everywhere)).isEqualTo(run(input));
        SocksServer server = new SocksServer();
        ByteBuffer in = ByteBuffer.wrap(input);
        for (Step step = server.receive(in); step != null; step = server.receive(in)) {
            if (step instanceof Step.Connect connect) {
                SocksServer again = new SocksServer();
                again.receive(ByteBuffer.wrap(new byte[] {5, 1, 0}));
                assertThat(again.receive(ByteBuffer.wrap(connect.request().encode())))
                        .isEqualTo(connect);
            }
        }
    }
}
