package io.cashew.journey;

import io.cashew.fixture.Language;
import java.util.List;

class MemcacheHostileBytesTest extends HostileBytesSuite {
    MemcacheHostileBytesTest() {
        super(Language.MEMCACHE);
    }

    /// Never a `flush_all`: that would harm the neighbour, rightly.
    @Override
    List<String> requests() {
        return List.of(
                "get fuzz:a\r\n",
                "get fuzz:a fuzz:b fuzz:c\r\n",
                "gat 10 fuzz:a fuzz:b\r\n",
                "set fuzz:a 0 0 5\r\nvalue\r\n",
                "set fuzz:a 0 0 5 noreply\r\nvalue\r\n",
                "cas fuzz:a 0 0 5 17 noreply\r\nvalue\r\n",
                "incr fuzz:a 1 noreply\r\n",
                "delete fuzz:a noreply\r\n",
                "touch fuzz:a 10\r\n",
                "mg fuzz:a v q k O1\r\n",
                "ms fuzz:a 5 q T9\r\nvalue\r\n",
                "ms ZnV6eg== 5 b\r\nvalue\r\n",
                "md fuzz:a q\r\n",
                "ma fuzz:a v D5 N0\r\n",
                "me fuzz:a\r\n",
                "verbosity 0 noreply\r\n",
                "stats servers\r\n",
                "version\r\n",
                "mn\r\n",
                "\r\n");
    }

    /// Of a pool that takes values of 1 GiB.
    @Override
    String[] settings() {
        return new String[] {"hash: md5", "item_size_max: 1073741824"};
    }

    @Override
    List<String> hugeClaims() {
        return List.of(
                "set k 0 0 1048576\r\nab",
                "set k 0 0 2147483647\r\nab",
                "append k 0 0 1000000 noreply\r\nab",
                "ms k 1000000\r\nab",
                "get a b c d",
                "set k 0 0 1073741824\r\nab",
                "set k 0 0 1073741824 noreply\r\nab",
                "set k 0 0 400000000\nab",
                "ms k 1073741824 q\r\nab",
                "set k 0 0 1073741825\r\nab",
                "set k 0 0 2147483645\r\nab",
                "cas k 0 0 2147483645 junk\r\nab",
                "get k k k k k k k k k k k k k k k k");
    }
}
