package dev.culvert.bench.ground;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Two networks joined by a line that delays each packet by half the round trip and loses some at random, each way
/// independently, like `tc netem delay … loss … limit` at both ends.
///
/// It is ours because the kernels of many containers and small virtual machines have no netem; and at a virtual
/// Ethernet device netem would delay and lose joined packets of 64 KiB, where this line sees the packets of 1,500
/// bytes that a real one carries. The near network is this program's own, which `bench/run` gives it as root: nothing
/// but its loopback is in it. The far one ends with this program. Addresses are of TEST-NET-2 (RFC 5737), and
/// nothing outside can have or reach them.
///
/// Threads: two for each direction, between which a bounded queue of packets is under way.
public final class Line implements AutoCloseable {
    /// Set by `bench/run` when this program has a network of its own.
    private static final String ISOLATED = "culvert.bench.isolated";

    private static final String NEAR = "198.51.100.1";
    private static final String FAR = "198.51.100.2";
    private static final int QUEUE = 1 << 16;
    private static final String DEVICE = "culvert";
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final Process far;
    private final long delayNanos;
    private final double loss;

    /// @param loss part of the packets, 0 to 1
    public Line(Duration roundTrip, double loss) throws IOException, InterruptedException {
        this.delayNanos = roundTrip.toNanos() / 2;
        this.loss = loss;
        // Ends when its input does: with this program, however that ends.
        far = new ProcessBuilder("unshare", "--net", "cat").start();
        try {
            awaitFarNetwork();
            Tun nearTun = new Tun(DEVICE + 0);
            Tun farTun = new Tun(DEVICE + 1);
            run("ip", "link", "set", DEVICE + 1, "netns", "" + far.pid());
            bring(List.of(), DEVICE + 0, NEAR, FAR);
            bring(enter(), DEVICE + 1, FAR, NEAR);
            carry(nearTun, farTun, 1);
            carry(farTun, nearTun, 2);
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /// Why there can be no line here.
    public static Optional<String> obstacle(Tools tools) {
        if (!Boolean.getBoolean(ISOLATED)) {
            return Optional.of("needs root, and a kernel with network namespaces");
        }
        for (String tool : List.of("ip", "unshare", "nsenter")) {
            if (tools.find(tool).isEmpty()) {
                return Optional.of("needs " + tool);
            }
        }
        return Files.exists(Path.of("/dev/net/tun"))
                ? Optional.empty()
                : Optional.of("needs /dev/net/tun");
    }

    private List<String> enter() {
        return List.of("nsenter", "--net=/proc/" + far.pid() + "/ns/net", "--");
    }

    /// `unshare` has its network a moment after it started.
    private void awaitFarNetwork() throws IOException, InterruptedException {
        var own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        var its = Path.of("/proc", "" + far.pid(), "ns/net");
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (Files.readSymbolicLink(its).equals(own)) {
            if (System.nanoTime() > deadline || far.waitFor(5, TimeUnit.MILLISECONDS)) {
                throw new IOException("unshare made no network");
            }
        }
    }

    private static void bring(List<String> enter, String device, String own, String other)
            throws IOException, InterruptedException {
        Place place = new Place(own, own, enter);
        for (String[] command :
                new String[][] {
                    {"ip", "link", "set", "lo", "up"},
                    {"ip", "link", "set", device, "mtu", "1500", "txqueuelen", "10000", "up"},
                    {"ip", "addr", "add", own, "peer", other, "dev", device}
                }) {
            run(place.command(List.of(command)).toArray(String[]::new));
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Packet(byte[] bytes, long due) {}

    private void carry(Tun from, Tun to, long seed) {
        BlockingQueue<Packet> underWay = new ArrayBlockingQueue<>(QUEUE);
        Random random = new Random(seed);
        Thread.ofPlatform()
                .daemon()
                .name("line-in-" + seed)
                .start(() -> {
                    MemorySegment buffer = Arena.ofAuto().allocate(Tun.MAX_PACKET);
                    for (long size; (size = from.read(buffer)) >= 0; ) {
                        if (random.nextDouble() >= loss) {
                            byte[] bytes = buffer.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
                            // A full queue drops, as a router's does.
                            boolean _ =
                                    underWay.offer(
                                            new Packet(bytes, System.nanoTime() + delayNanos));
                        }
                    }
                });
        Thread.ofPlatform()
                .daemon()
                .name("line-out-" + seed)
                .start(() -> {
                    MemorySegment buffer = Arena.ofAuto().allocate(Tun.MAX_PACKET);
                    try {
                        while (true) {
                            Packet packet = underWay.take();
                            for (long wait; (wait = packet.due - System.nanoTime()) > 0; ) {
                                LockSupport.parkNanos(wait);
                            }
                            MemorySegment.copy(
                                    packet.bytes,
                                    0,
                                    buffer,
                                    ValueLayout.JAVA_BYTE,
                                    0,
                                    packet.bytes.length);
                            to.write(buffer, packet.bytes.length);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    Place near() {
        return new Place(NEAR, NEAR, List.of());
    }

    Place far() {
        // Its loopback too: the connector reaches the services there.
        return new Place(FAR, "0.0.0.0", enter());
    }

    /// Removes the devices and the far network, when nothing runs in it any more.
    @Override
    public void close() throws IOException {
        far.destroy();
        try {
            far.waitFor();
            if (new ProcessBuilder("ip", "link", "del", DEVICE + 0).start().waitFor() != 0) {
                System.err.println("bench: the line's device was not there any more");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
