package io.cashew.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoutingVectorTest {
    private static final int KEYS = 516;
    private static final int FUNCTIONS = 12;

    @ParameterizedTest
    @MethodSource("io.cashew.sharding.MeasuredRouting#files")
    void everyKeyGoesWhereNutcrackerSentIt(String file) {
        var measured = MeasuredRouting.read(file);
        var order = measured.serverOrder();
        var distribution = measured.distribution();
        List<String> misplaced = new ArrayList<>();
        int placed = 0;

        for (var row : measured.rows()) {
            var key = Vectors.key(row.keyHex());
            for (int column = 0; column < measured.hashes().size(); column++) {
                var server = row.servers().get(column);
                if (!server.equals("-")) {
                    var function = measured.hashes().get(column);
                    int index = distribution.server(measured.hash(function, key));
                    if (order.get(index) == Integer.parseInt(server)) {
                        placed++;
                    } else {
                        misplaced.add(function.label() + " " + row.keyHex() + " to " + order.get(index) + ", not " + server);
                    }
                }
            }
        }

        assertThat(misplaced).isEmpty();
        // crc32 reaches so little of the ring that a dead server was never noticed, nor ejected
        boolean crc32Unknown = file.startsWith("ejected") && measured.kind() == DistributionKind.KETAMA;
        assertThat(placed).isEqualTo(KEYS * (crc32Unknown ? FUNCTIONS - 1 : FUNCTIONS));
    }

    @Test
    void theTablesCoverEveryFunctionAndBothDeterministicDistributions() {
        var tables = MeasuredRouting.files().stream().map(MeasuredRouting::read).toList();

        assertThat(tables).hasSize(22).allSatisfy(table -> assertThat(table.hashes())
                .containsExactlyInAnyOrder(HashFunction.values()));
        assertThat(tables).filteredOn(table -> table.kind() == DistributionKind.KETAMA).hasSize(11);
        assertThat(tables).filteredOn(table -> table.kind() == DistributionKind.MODULA).hasSize(11);
    }

    @Test
    void pathsHostsAndPortsBecomeTheRingNamesOfTheOriginal() {
        var table = MeasuredRouting.read("mixed-addr.ketama.tsv");

        assertThat(table.shards()).containsExactly(
                new Shard("127.0.0.1", 1),
                new Shard("localhost:21041", 2),
                new Shard("/tmp/ncvec-a.sock:", 1),
                new Shard("sockb", 3),
                new Shard("127.0.0.1:21042", 1));
    }
}
