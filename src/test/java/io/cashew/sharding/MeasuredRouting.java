package io.cashew.sharding;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One routing table: a pool as it was configured and, for each key and hash function, the server that nutcracker sent the
/// key to.
///
/// @param shards in configuration order, which the cells of the table count in
/// @param hashes the columns
record MeasuredRouting(
        DistributionKind kind,
        Optional<HashTag> tag,
        List<Shard> shards,
        BitSet ejected,
        List<HashFunction> hashes,
        List<Row> rows) {

    /// @param servers configuration positions, one for each hash function; `-` where it could not be measured
    record Row(String keyHex, List<String> servers) {}

    static MeasuredRouting read(String file) {
        Map<String, String> head = new HashMap<>();
        List<Shard> shards = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        for (String line : Vectors.lines(file)) {
            var named = line.split(": ", 2);
            if (line.startsWith("# server ")) {
                shards.add(shard(named[1]));
            } else if (!line.startsWith("#")) {
                table.add(List.of(line.split("\t")));
            } else if (named.length == 2) {
                head.put(named[0], named[1]);
            }
        }

        var ejected = new BitSet();
        given(head.get("# ejected")).map(positions -> positions.split(",")).stream()
                .flatMap(Stream::of)
                .mapToInt(Integer::parseInt)
                .forEach(ejected::set);
        return new MeasuredRouting(
                DistributionKind.named(head.get("# distribution")).orElseThrow(),
                given(head.get("# hash_tag")).map(tag -> HashTag.of(tag).orElseThrow()),
                List.copyOf(shards),
                ejected,
                tail(table.getFirst()).map(name -> HashFunction.named(name).orElseThrow()).toList(),
                tail(table).map(cells -> new Row(cells.getFirst(), tail(cells).toList())).toList());
    }

    /// `HOST:PORT:WEIGHT [NAME]` or `/PATH:WEIGHT [NAME]`
    private static Shard shard(String configured) {
        var words = configured.split(" ");
        var address = words[0].substring(0, words[0].lastIndexOf(':'));
        int weight = Integer.parseInt(words[0].substring(address.length() + 1));
        if (words.length == 2) {
            return new Shard(words[1], weight);
        }
        if (address.startsWith("/")) {
            return new Shard(address + ":", weight);
        }
        return new Shard(address.endsWith(":11211") ? address.substring(0, address.length() - 6) : address, weight);
    }

    private static Optional<String> given(String value) {
        return value.equals("-") ? Optional.empty() : Optional.of(value);
    }

    private static <T> Stream<T> tail(List<T> list) {
        return list.stream().skip(1);
    }

    /// Configuration positions in the order twemproxy numbers the servers.
    List<Integer> serverOrder() {
        return Stream.iterate(0, position -> position + 1)
                .limit(shards.size())
                .sorted(comparing(position -> shards.get(position).ringName(), Shard.RING_NAME_ORDER))
                .toList();
    }

    Distribution distribution() {
        var order = serverOrder();
        var sortedEjected = new BitSet();
        for (int index = 0; index < order.size(); index++) {
            sortedEjected.set(index, ejected.get(order.get(index)));
        }
        return kind.build(order.stream().map(shards::get).toList(), sortedEjected);
    }

    int hash(HashFunction function, byte[] key) {
        long slice = tag.map(marks -> marks.slice(key, 0, key.length)).orElse((long) key.length);
        return function.hash(key, HashTag.offset(slice), HashTag.length(slice));
    }

    static List<String> files() {
        var lists = List.of(
                "three-equal",
                "five-weighted",
                "named",
                "named-weighted",
                "mixed-addr",
                "tag-braces",
                "tag-dollar",
                "equal-25",
                "extreme",
                "ejected",
                "ejected-weighted");
        return lists.stream()
                .flatMap(list -> Arrays.stream(new String[] {"ketama", "modula"}).map(kind -> list + "." + kind + ".tsv"))
                .toList();
    }
}
