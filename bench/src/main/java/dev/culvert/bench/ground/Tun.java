package dev.culvert.bench.ground;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A network device whose other end is this program: IP packets (Linux, `networking/tuntap`). One thread may read while
/// another writes. The device lives as long as the descriptor, which only the end of the process closes: a close would
/// not wake the reader.
final class Tun {
    /// IPv4, and more than any MTU we set.
    static final int MAX_PACKET = 2048;

    private static final int O_RDWR = 2;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TUN_NO_PI = 0x1001;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN =
            handle(
                    "open",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle IOCTL =
            handle(
                    "ioctl",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(2));
    private static final FunctionDescriptor TRANSFER =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG);
    private static final MethodHandle READ = handle("read", TRANSFER);
    private static final MethodHandle WRITE = handle("write", TRANSFER);

    private final int descriptor;

    /// Makes the device, in this program's network.
    ///
    /// @param name at most 15 characters
    Tun(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            descriptor = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), O_RDWR);
            MemorySegment request = arena.allocate(IFREQ_BYTES);
            request.setString(0, name);
            request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, IFF_TUN_NO_PI);
            if (descriptor < 0 || (int) IOCTL.invokeExact(descriptor, TUNSETIFF, request) < 0) {
                throw new IOException("/dev/net/tun gives no device " + name);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("/dev/net/tun: " + e, e);
        }
    }

    @SuppressWarnings("restricted") // bench/run allows it
    private static MethodHandle handle(
            String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(), shape, options);
    }

    /// Blocking.
    ///
    /// @return bytes of the packet; negative when the device is gone
    long read(MemorySegment buffer) {
        return transfer(READ, buffer, buffer.byteSize());
    }

    /// @return negative when the device is gone or the packet was refused
    long write(MemorySegment buffer, long length) {
        return transfer(WRITE, buffer, length);
    }

    private long transfer(MethodHandle call, MemorySegment buffer, long length) {
        try {
            return (long) call.invokeExact(descriptor, buffer, length);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
