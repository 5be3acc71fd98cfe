package dev.culvert.connector.dial;

import dev.culvert.connector.link.EdgeAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// In which order a connection tries the edges.
///
/// Edges of the lowest rank come first. Within a rank, connection i begins at the i-th turn of a smooth
/// weighted round robin, so that the connections of one connector are spread as the weights say
/// (RFC 2782 draws lots, which with four connections often puts all of them on one edge). A weight of 0
/// is a hundredth of a weight of 1.
///
/// Immutable.
///
/// @param ranks candidates by rank, the best first
/// @param first the turn connection 0 begins at
record EdgeOrder(SortedMap<Integer, List<Candidate>> ranks, int first) {
    private static final int SCALE = 100;

    /// @param weight in hundredths, at least 1
    record Candidate(int rank, int weight, EdgeAddress edge) {}

    static EdgeOrder of(Collection<Candidate> candidates, int first) {
        SortedMap<Integer, List<Candidate>> ranks = new TreeMap<>();
        for (Candidate each : candidates) {
            ranks.computeIfAbsent(each.rank, rank -> new ArrayList<>()).add(each);
        }
        return new EdgeOrder(Collections.unmodifiableSortedMap(ranks), first);
    }

    /// Every edge once, for the connection of this index.
    List<EdgeAddress> forConnection(int index) {
        List<EdgeAddress> order = new ArrayList<>();
        for (List<Candidate> rank : ranks.values()) {
            order.addAll(turns(rank, first + index));
        }
        return order;
    }

    private static Set<EdgeAddress> turns(List<Candidate> candidates, int from) {
        int heaviest = candidates.stream().mapToInt(Candidate::weight).max().orElse(1);
        int size = candidates.size();
        int[] weights = new int[size];
        int period = 0;
        for (int i = 0; i < size; i++) {
            // At most 100 turns an edge, whatever the weights are.
            weights[i] =
                    (int)
                            Math.max(
                                    1,
                                    Math.min(
                                            candidates.get(i).weight,
                                            (long) candidates.get(i).weight * SCALE / heaviest));
            period += weights[i];
        }
        Set<EdgeAddress> order = new LinkedHashSet<>();
        int[] current = new int[size];
        int skip = from % period;
        for (int turn = 0; order.size() < size && turn < skip + period; turn++) {
            int best = 0;
            for (int i = 0; i < size; i++) {
                current[i] += weights[i];
                if (current[i] > current[best]) {
                    best = i;
                }
            }
            current[best] -= period;
            if (turn >= skip) {
                order.add(candidates.get(best).edge);
            }
        }
        candidates.forEach(each -> order.add(each.edge));
        return order;
    }
}
