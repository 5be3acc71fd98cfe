package dev.culvert.connector.dial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.connector.dial.EdgeOrder.Candidate;
import dev.culvert.connector.link.EdgeAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EdgeOrderTest {
    private static Candidate edge(int rank, int weight, String name) {
        return new Candidate(rank, weight, new EdgeAddress(name, 7844));
    }

    private static String order(EdgeOrder order, int index) {
        return String.join("", order.forConnection(index).stream().map(EdgeAddress::host).toList());
    }

    /// Which edge the connections 0, 1, … begin at.
    private static String firsts(EdgeOrder order, int connections) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            all.add(order.forConnection(i).getFirst().host());
        }
        return String.join("", all);
    }

    @Test
    void connectionsAreSpreadOverEqualEdgesInTheOrderGiven() {
        EdgeOrder order = EdgeOrder.of(List.of(edge(0, 100, "a"), edge(0, 100, "b")), 0);
        assertThat(firsts(order, 4)).isEqualTo("abab");
        assertThat(order(order, 0)).isEqualTo("ab");
        assertThat(order(order, 1)).isEqualTo("ba");
    }

    @Test
    void moreWeightMeansMoreConnections() {
        EdgeOrder order = EdgeOrder.of(List.of(edge(0, 300, "a"), edge(0, 100, "b")), 0);
        assertThat(firsts(order, 8)).hasSize(8);
        assertThat(firsts(order, 8).chars().filter(c -> c == 'a').count()).isEqualTo(6);
        // Spread, not in a row: each four connections have one of the lighter edge.
        assertThat(firsts(order, 4)).contains("b");
    }

    @Test
    void aLaterRankIsForWhenAllBeforeItFailed() {
        EdgeOrder order =
                EdgeOrder.of(List.of(edge(1, 9000, "c"), edge(0, 1, "a"), edge(0, 1, "b")), 5);
        for (int i = 0; i < 4; i++) {
            assertThat(order(order, i)).endsWith("c").hasSize(3);
        }
    }

    @Test
    void anEdgeWithoutWeightIsTriedToo() {
        EdgeOrder order = EdgeOrder.of(List.of(edge(0, 1, "z"), edge(0, 6_553_500, "a")), 0);
        assertThat(firsts(order, 4)).isEqualTo("aaaa");
        assertThat(order(order, 0)).isEqualTo("az");
    }

    @Test
    void anotherFirstTurnBeginsElsewhere() {
        List<Candidate> two = List.of(edge(0, 100, "a"), edge(0, 100, "b"));
        assertThat(firsts(EdgeOrder.of(two, 1), 1)).isEqualTo("b");
        assertThat(firsts(EdgeOrder.of(two, 999), 1)).isEqualTo("b");
    }
}
