"""What an application does with pymemcache, over a pool of three servers.

usage: pymemcache_pool.py PORT
"""

import random
import sys
import time
import unittest

from pymemcache.client.base import Client, PooledClient
from pymemcache.exceptions import MemcacheClientError, MemcacheServerError

PORT = int(sys.argv[1])
MEBIBYTE = 1024 * 1024
VALUES = {"%d:key" % i: b"value %d" % i for i in range(100)}


def connect(**settings):
    return Client(("127.0.0.1", PORT), **settings)


class PymemcacheTest(unittest.TestCase):
    def setUp(self):
        # Its default is to ask for no reply to anything that stores.
        self.client = connect()
        self.heard = connect(default_noreply=False)
        self.addCleanup(self.client.close)
        self.addCleanup(self.heard.close)
        self.heard.flush_all()

    def connections(self):
        return self.heard.stats()[b"total_connections"]

    def test_keeps_what_it_is_given(self):
        self.assertIsNone(self.client.get("k"))
        self.assertTrue(self.client.set("k", b"v"))
        self.assertEqual(b"v", self.client.get("k"))

    def test_stores_under_every_condition(self):
        client = self.heard
        self.assertEqual([False] * 3, [store("k", b"x") for store in (client.replace, client.append, client.prepend)])
        self.assertEqual([True, False], [client.add("k", b"b"), client.add("k", b"x")])
        self.assertEqual([True, True], [client.append("k", b"c"), client.prepend("k", b"a")])
        self.assertEqual(b"abc", client.get("k"))
        self.assertEqual([True, True], [client.replace("k", b"new"), client.set("k", b"set")])
        self.assertEqual(b"set", client.get("k"))
        self.assertEqual([True, False], [client.delete("k"), client.delete("k")])

    def test_does_not_wait_for_what_it_does_not_want_to_hear(self):
        for i in range(100):
            self.client.set("%d:n" % i, b"1")
            self.client.add("%d:n" % i, b"x")
            self.client.append("%d:n" % i, b"2")
            self.client.incr("%d:n" % i, 3, noreply=True)
            self.client.touch("%d:n" % i, 100)
        self.assertEqual({"%d:n" % i: b"15" for i in range(100)}, self.client.get_many(["%d:n" % i for i in range(100)]))
        self.client.delete("1:n")
        self.assertIsNone(self.client.get("1:n"))

    def test_an_error_without_a_reply_leaves_the_answers_in_step(self):
        self.client.set("word", b"word")
        self.client.incr("word", 1, noreply=True)
        self.client.cas("word", b"x", b"1", noreply=True)
        self.assertEqual(b"word", self.client.get("word"))

    def test_replaces_only_what_it_has_seen(self):
        self.assertEqual((None, None), self.client.gets("k"))
        self.client.set("k", b"old")
        value, unique = self.client.gets("k")
        self.assertEqual(b"old", value)
        self.assertTrue(self.client.cas("k", b"new", unique))
        self.assertFalse(self.client.cas("k", b"late", unique))
        self.assertIsNone(self.client.cas("missing", b"x", unique))
        self.assertEqual(b"new", self.client.get("k"))

    def test_counts(self):
        self.assertIsNone(self.client.incr("n", 1))
        self.client.set("n", b"10")
        self.assertEqual([15, 11, 0], [self.client.incr("n", 5), self.client.decr("n", 4), self.client.decr("n", 100)])

    def test_reads_writes_and_deletes_a_hundred_keys_of_several_servers_at_once(self):
        self.assertEqual([], self.heard.set_many(VALUES))
        keys = [key for i, key in enumerate(VALUES) for key in (key, "missing:%d" % i)]
        self.assertEqual(VALUES, self.client.get_many(keys))
        seen = self.client.gets_many(keys)
        self.assertEqual(VALUES, {key: value for key, (value, unique) in seen.items()})
        self.assertTrue(self.heard.delete_many(list(VALUES)))
        self.assertEqual({}, self.client.get_many(keys))

    def test_keeps_bytes_as_they_are(self):
        for value in (bytes(range(256)), b"\r\n", b"a\r\nEND\r\nVALUE k 0 1\r\nb", b""):
            self.client.set("k", value)
            self.assertEqual(value, self.client.get("k"))

    def test_keeps_the_largest_value_and_is_told_of_a_larger_one(self):
        largest = random.Random(1).randbytes(MEBIBYTE)
        self.assertTrue(self.heard.set("big", largest))
        self.assertEqual(largest, self.client.get("big"))
        before = self.connections()
        with self.assertRaisesRegex(MemcacheServerError, "object too large for cache"):
            self.heard.set("big", largest + b"x")
        self.assertIsNone(self.heard.get("big"))
        self.assertIsNone(self.client.get("big"))
        # The library closes its connection behind any error, with memcached itself, too.
        self.assertEqual(before + 1, self.connections())

    def test_an_error_of_a_server_is_raised_and_the_next_request_answered(self):
        self.client.set("word", b"word")
        with self.assertRaisesRegex(MemcacheClientError, "non-numeric"):
            self.client.incr("word", 1)
        self.assertEqual(b"word", self.client.get("word"))

    def test_an_error_of_the_pool_is_raised_and_the_next_request_answered(self):
        with self.assertRaisesRegex(MemcacheClientError, "this pool knows 'stats' and 'stats servers'"):
            self.client.stats("slabs")
        self.assertIsNone(self.client.get("k"))

    def test_what_expires_is_gone(self):
        self.heard.set("stays", b"v", expire=100)
        self.heard.set("short", b"v", expire=1)
        self.heard.set("touched", b"v", expire=100)
        self.assertTrue(self.heard.touch("touched", 1))
        self.assertFalse(self.heard.touch("missing", 1))
        patience = time.monotonic() + 10
        while self.client.get_many(["short", "touched"]):
            self.assertLess(time.monotonic(), patience)
        self.assertEqual(b"v", self.client.get("stays"))

    def test_flushes_all_servers(self):
        self.heard.set_many(VALUES)
        self.assertTrue(self.heard.flush_all())
        self.assertEqual({}, self.client.get_many(list(VALUES)))

    def test_reads_what_it_is_told_about_the_other_end(self):
        self.assertTrue(self.client.version())
        statistics = self.client.stats()
        self.assertGreater(statistics[b"curr_connections"], 0)
        self.assertEqual(3, sum(name.endswith(b":requests") for name in self.client.stats("servers")))

    def test_comes_back_after_its_connection_was_closed(self):
        self.heard.set("k", b"kept")
        before = self.connections()
        self.heard.quit()
        self.assertEqual(b"kept", self.heard.get("k"))
        self.assertEqual(before + 1, self.connections())

    def test_keeps_a_pool_of_connections_of_its_own(self):
        client = PooledClient(("127.0.0.1", PORT), max_pool_size=4)
        self.addCleanup(client.close)
        client.set_many(VALUES)
        self.assertEqual(VALUES, client.get_many(list(VALUES)))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
