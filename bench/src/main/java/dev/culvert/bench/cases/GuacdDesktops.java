package dev.culvert.bench.cases;

import dev.culvert.bench.ground.DesktopWay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Desktops by guacd. Used by one thread.
final class GuacdDesktops implements Desktops {
    private static final int AT_ONCE = 4;

    private final Queue<GuacdDesktop> open = new ConcurrentLinkedQueue<>();

    private GuacdDesktops() {}

    static GuacdDesktops open(DesktopWay way, DesktopWay.Kind kind, int count) throws Exception {
        List<DesktopWay.Seat> seats = way.seats(kind, count);
        GuacdDesktops desktops = new GuacdDesktops();
        try {
            AtomicInteger next = new AtomicInteger();
            Together.run(
                    AT_ONCE,
                    _ -> {
                        for (int i = next.getAndIncrement();
                                i < count;
                                i = next.getAndIncrement()) {
                            desktops.open(seats.get(i));
                        }
                        return desktops;
                    });
        } catch (Exception e) {
            desktops.close();
            throw e;
        }
        return desktops;
    }

    private void open(DesktopWay.Seat seat) throws IOException, InterruptedException {
        GuacdDesktop desktop = GuacdDesktop.open(seat);
        open.add(desktop);
        boolean isSharedScreen = seat.application().kind() == DesktopWay.Kind.GUACD_VNC;
        desktop.awaitMoving(!isSharedScreen || seat.number() == 0);
    }

    @Override
    public List<Shown> shown() throws IOException {
        List<Shown> all = new ArrayList<>();
        for (GuacdDesktop desktop : open) {
            all.add(desktop.shown());
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        for (GuacdDesktop desktop : open) {
            desktop.close();
        }
    }
}
