"""What an application does with redis-py, over a pool of three servers and over one with a password.

usage: redis_py.py OPEN_PORT LOCKED_PORT PASSWORD DIALECT [AUTHORITY]

DIALECT is 2 or 3; with a file of the authority that certificates have to be signed by, over TLS.
"""

import random
import sys
import unittest

import redis

OPEN, LOCKED, PASSWORD, DIALECT = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
TLS = {"ssl": True, "ssl_ca_certs": sys.argv[5]} if len(sys.argv) > 5 else {}
# What the library speaks when it is not told which.
USUAL = 3 if int(redis.__version__.split(".")[0]) >= 8 else 2
PROTOCOL = {} if DIALECT == USUAL else {"protocol": DIALECT}
VALUES = {"%d:key" % i: "value %d" % i for i in range(30)}


def connect(port, **settings):
    return redis.Redis(host="127.0.0.1", port=port, **PROTOCOL, **TLS, **settings)


class RedisPyTest(unittest.TestCase):
    def setUp(self):
        self.client = connect(OPEN, decode_responses=True)
        self.addCleanup(self.client.close)

    def test_pings(self):
        self.assertTrue(self.client.ping())

    def test_speaks_its_dialect(self):
        self.assertEqual(str(DIALECT), self.client.client_info()["resp"])

    def test_keeps_what_it_is_given(self):
        self.assertTrue(self.client.set("k", "v"))
        self.assertEqual("v", self.client.get("k"))
        self.assertIsNone(self.client.get("missing"))

    def test_reads_and_writes_many_keys_of_several_servers_at_once(self):
        self.assertTrue(self.client.mset(VALUES))
        self.assertEqual([*VALUES.values(), None], self.client.mget(*VALUES, "missing"))
        self.assertEqual(30, self.client.delete(*VALUES))

    def test_finds_every_key(self):
        self.client.mset(VALUES)
        self.assertLessEqual(VALUES.keys(), set(self.client.scan_iter(count=5)))
        self.assertEqual({"7:key", "17:key", "27:key"}, set(self.client.scan_iter(match="*7:key")))
        self.assertEqual(30, self.client.delete(*VALUES))

    def test_counts_and_collects(self):
        self.client.delete("counter", "hash", "list", "sorted set")
        self.assertEqual([1, 2], [self.client.incr("counter"), self.client.incr("counter")])
        self.client.hset("hash", mapping={"one": "1", "two": "2"})
        self.assertEqual({"one": "1", "two": "2"}, self.client.hgetall("hash"))
        self.client.rpush("list", "a", "b", "a")
        self.assertEqual(["a", "b", "a"], self.client.lrange("list", 0, -1))
        self.client.zadd("sorted set", {"low": 1.5, "high": 20})
        self.assertEqual([("low", 1.5), ("high", 20.0)], self.client.zrange("sorted set", 0, -1, withscores=True))

    def test_pipelines_two_thousand_requests(self):
        pipeline = self.client.pipeline(transaction=False)
        for i in range(1000):
            pipeline.set("%d:piped" % i, i)
            pipeline.get("%d:piped" % i)
        self.assertEqual([reply for i in range(1000) for reply in (True, str(i))], pipeline.execute())

    def test_keeps_bytes_as_they_are(self):
        client = connect(OPEN)
        every_byte = bytes(range(256))
        client.set(every_byte, every_byte)
        self.assertEqual(every_byte, client.get(every_byte))
        client.close()

    def test_keeps_a_big_value(self):
        client = connect(OPEN)
        megabyte = random.Random(1).randbytes(1024 * 1024)
        client.set("big", megabyte)
        self.assertEqual(megabyte, client.get("big"))
        client.close()

    def test_an_error_of_a_server_is_raised_and_the_connection_lives(self):
        self.client.delete("a list")
        self.client.rpush("a list", "element")
        number = self.client.client_id()
        with self.assertRaisesRegex(redis.ResponseError, "WRONGTYPE"):
            self.client.get("a list")
        self.assertEqual(number, self.client.client_id())

    def test_an_error_of_the_pool_is_raised_and_the_connection_lives(self):
        number = self.client.client_id()
        with self.assertRaisesRegex(redis.ResponseError, "common hash tag"):
            self.client.msetnx(VALUES)
        self.assertEqual(number, self.client.client_id())

    def test_counts_twice_in_one_transaction(self):
        self.client.delete("counter")
        self.assertEqual([1, 2], self.client.pipeline(transaction=True).incr("counter").incr("counter").execute())

    def test_hears_what_another_publishes(self):
        with self.client.pubsub(ignore_subscribe_messages=False) as listener:
            listener.subscribe("news")
            listener.psubscribe("weather.*")
            self.assertEqual("subscribe", listener.get_message(timeout=5)["type"])
            self.assertEqual("psubscribe", listener.get_message(timeout=5)["type"])
            for i in range(50):
                self.client.publish("news", "news %d" % i)
                self.client.publish("weather.%d" % i, "weather")
            heard = [listener.get_message(timeout=5) for _ in range(100)]
            self.assertEqual(["news %d" % i for i in range(50)], [m["data"] for m in heard if m["type"] == "message"])
            self.assertEqual({"weather.%d" % i for i in range(50)}, {m["channel"] for m in heard if m["type"] == "pmessage"})

    def test_runs_a_script_on_whatever_server_its_key_lives(self):
        script = self.client.register_script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
        self.assertEqual([7] * 30, [script(keys=[key + ":counted"], args=[7]) for key in VALUES])

    def test_sees_a_conflict(self):
        with self.client.pipeline() as pipeline:
            pipeline.watch("watched")
            pipeline.get("watched")
            self.client.set("watched", "changed")
            pipeline.multi()
            pipeline.set("watched", "mine")
            with self.assertRaises(redis.WatchError):
                pipeline.execute()
        self.assertEqual("changed", self.client.get("watched"))

    def test_takes_an_element_and_waits_for_none(self):
        self.client.delete("queue")
        self.client.rpush("queue", "element")
        self.assertEqual(("queue", "element"), self.client.blpop("queue", timeout=5))
        self.assertIsNone(self.client.blpop("queue", timeout=1))

    def test_comes_back_after_its_connection_was_closed(self):
        self.client.set("k", "kept")
        number = self.client.client_id()
        # The pool closes; the library is not told that this is what QUIT does.
        self.client.execute_command("QUIT")
        try:
            self.client.get("k")
        except redis.ConnectionError:
            pass  # It may have been quicker than the end of the connection.
        self.assertEqual("kept", self.client.get("k"))
        self.assertNotEqual(number, self.client.client_id())

    def test_says_the_password_and_its_name(self):
        client = connect(LOCKED, password=PASSWORD, client_name="billing", decode_responses=True)
        client.set("k", "v")
        self.assertEqual("v", client.get("k"))
        self.assertEqual("billing", client.client_getname())
        client.close()

    def test_says_the_only_users_name(self):
        client = connect(LOCKED, username="default", password=PASSWORD)
        self.assertTrue(client.ping())
        client.close()

    def test_a_wrong_password_is_refused(self):
        with self.assertRaisesRegex(redis.RedisError, "invalid (username-)?password"):
            connect(LOCKED, password="wrong").get("k")

    def test_no_password_is_refused(self):
        with self.assertRaisesRegex(redis.AuthenticationError, "Authentication required|already authenticated"):
            connect(LOCKED).get("k")

    def test_reads_what_it_is_told_about_the_other_end(self):
        self.assertEqual("standalone", self.client.info()["redis_mode"])
        self.assertIn("get", self.client.command())
        self.assertEqual(2, len(self.client.time()))
        self.assertEqual("0", self.client.client_list()[0]["db"])


if __name__ == "__main__":
    tests = unittest.main(argv=sys.argv[:1], exit=False).result
    print("%d tests %s" % (tests.testsRun, "passed" if tests.wasSuccessful() else "run"))
