package io.cashew.admin;

/// Answers as they look, for the OpenAPI document and through it for `docs/rest.md`. A test compares their fields with
/// those of real answers.
final class Examples {
    static final String INDEX = """
            {
              "name": "cashew",
              "version": "0.1.0",
              "links": {
                "pools": "/pools",
                "configuration": "/configuration",
                "events": "/events/recent",
                "logLevels": "/admin/log-levels",
                "reload": "/admin/reload",
                "openapi": "/q/openapi"
              }
            }""";

    static final String POOLS = """
            {
              "pools": [
                {
                  "name": "alpha",
                  "state": "serving",
                  "protocol": "redis",
                  "listen": "127.0.0.1:22121",
                  "servers": 3,
                  "ejected": 0,
                  "clients": 50,
                  "requests": 1048576,
                  "forwardErrors": 0,
                  "href": "/pools/alpha"
                }
              ]
            }""";

    static final String LATENCIES = """
            {
              "pool": "alpha",
              "servers": [
                {
                  "name": "a",
                  "buckets": [
                    { "upToMicros": 164, "replies": 174756 },
                    { "upToMicros": 181, "replies": 174757 }
                  ],
                  "href": "/pools/alpha/servers/a"
                }
              ]
            }""";

    static final String POOL = """
            {
              "name": "alpha",
              "state": "serving",
              "protocol": "redis",
              "listen": "127.0.0.1:22121",
              "tls": "none",
              "listenTls": null,
              "clients": 50,
              "settings": {
                "hash": "fnv1a_64",
                "hashTag": "{}",
                "distribution": "ketama",
                "timeoutMillis": 400,
                "backlog": 512,
                "clientConnections": 0,
                "passwordSet": false,
                "database": 0,
                "preconnect": false,
                "autoEject": true,
                "serverConnections": 1,
                "serverRetryTimeoutMillis": 30000,
                "serverFailureLimit": 2,
                "tcpKeepalive": false,
                "reusePort": false
              },
              "traffic": {
                "clientsAccepted": 61,
                "clientEof": 11,
                "clientErrors": 0,
                "requests": 1048576,
                "answeredLocally": 61,
                "forwardErrors": 0,
                "fragments": 3000
              },
              "latency": {
                "replies": 1051464,
                "p50Micros": 184,
                "p90Micros": 312,
                "p99Micros": 754,
                "p999Micros": 1835,
                "maxMicros": 20412
              },
              "servers": [
                {
                  "name": "a",
                  "address": "10.0.0.1:6379",
                  "weight": 1,
                  "ejected": false,
                  "href": "/pools/alpha/servers/a"
                }
              ]
            }""";

    static final String SERVERS = """
            {
              "pool": "alpha",
              "servers": [
                {
                  "name": "a",
                  "address": "10.0.0.1:6379",
                  "weight": 1,
                  "points": 160,
                  "share": 0.3586910986341536,
                  "ejected": false,
                  "ejections": 0,
                  "ejectedAt": null,
                  "addressMoves": 0,
                  "resolveFailures": 0,
                  "tls": false,
                  "withdrawn": null,
                  "connections": 4,
                  "pending": 12,
                  "traffic": {
                    "requests": 349525,
                    "requestBytes": 15728625,
                    "responses": 349513,
                    "responseBytes": 1747565,
                    "eof": 0,
                    "timeouts": 0,
                    "errors": 0
                  },
                  "latency": {
                    "replies": 349513,
                    "p50Micros": 184,
                    "p90Micros": 312,
                    "p99Micros": 754,
                    "p999Micros": 1835,
                    "maxMicros": 20412
                  },
                  "href": "/pools/alpha/servers/a"
                }
              ]
            }""";

    static final String SERVER = """
            {
              "name": "/run/redis/b.sock:",
              "address": "/run/redis/b.sock",
              "weight": 1,
              "points": 0,
              "share": 0.0,
              "ejected": true,
              "ejections": 1,
              "ejectedAt": "2026-03-01T12:00:00.000120Z",
              "addressMoves": 0,
              "resolveFailures": 0,
              "tls": false,
              "withdrawn": null,
              "connections": 0,
              "pending": 0,
              "traffic": {
                "requests": 349525,
                "requestBytes": 15728625,
                "responses": 349525,
                "responseBytes": 1747625,
                "eof": 2,
                "timeouts": 0,
                "errors": 0
              },
              "latency": {
                "replies": 349525,
                "p50Micros": 184,
                "p90Micros": 312,
                "p99Micros": 754,
                "p999Micros": 1835,
                "maxMicros": 20412
              },
              "href": "/pools/alpha/servers/%2Frun%2Fredis%2Fb.sock%3A"
            }""";

    static final String ROUTE = """
            {
              "pool": "alpha",
              "key": "{user:1}.mail",
              "keyHex": "7b757365723a317d2e6d61696c",
              "hashTag": "{}",
              "hashedPart": "user:1",
              "hashedPartHex": "757365723a31",
              "hashFunction": "fnv1a_64",
              "hashValue": 1963465963,
              "distribution": "ketama",
              "placement": {
                "kind": "ring",
                "point": 1981836821,
                "position": 231,
                "points": 480,
                "wrapped": false
              },
              "server": "a",
              "address": "10.0.0.1:6379",
              "home": "a",
              "why": "fnv1a_64 of 'user:1', the part of the key between the hash tag's characters, is 1963465963; \
            the first ring point at or behind it, 1981836821 (position 231 of 480), belongs to 'a'."
            }""";

    static final String LAST_RELOAD = """
            {
              "outcome": "applied",
              "dryRun": false,
              "trigger": "start",
              "generation": 1,
              "at": "2026-11-22T21:14:07.301Z",
              "millis": 0,
              "problems": [],
              "pools": []
            }""";

    static final String RELOAD = """
            {
              "outcome": "applied",
              "dryRun": true,
              "trigger": "rest",
              "generation": 1,
              "at": "2026-11-22T21:15:12.118Z",
              "millis": 3,
              "problems": [],
              "pools": [
                {
                  "name": "alpha",
                  "change": "changed",
                  "settings": [
                    {
                      "key": "timeout",
                      "from": "400ms",
                      "to": "500ms",
                      "live": true
                    }
                  ],
                  "servers": [
                    {
                      "name": "d",
                      "from": null,
                      "to": "10.0.0.4:6379:1"
                    }
                  ],
                  "keys": {
                    "basis": "counted",
                    "moved": 0.2513,
                    "moves": [
                      {
                        "from": "a",
                        "to": "d",
                        "share": 0.2513
                      }
                    ]
                  }
                }
              ]
            }""";

    static final String RELOAD_REFUSED = """
            {
              "type": "urn:problem-type:cashew:reload-refused",
              "title": "The configuration cannot come into force now",
              "status": 409,
              "detail": "pool 'alpha': \\"redis_db\\" cannot change from \\"0\\" to \\"1\\" while it runs: restart Cashew, or give \
            the pool another name and address",
              "instance": "/admin/reload"
            }""";

    static final String WRONG_CONFIGURATION = """
            {
              "type": "urn:problem-type:cashew:wrong-configuration",
              "title": "The configuration is wrong",
              "status": 422,
              "detail": "conf: nutcracker.yml line 3: pool 'alpha': directive 'hash' is not a valid hash: 'sha1'",
              "instance": "/admin/reload"
            }""";

    static final String UNKNOWN_POOL = """
            {
              "type": "urn:problem-type:cashew:unknown-pool",
              "title": "No such pool",
              "status": 404,
              "detail": "There is no pool 'gama'; there are: alpha, beta.",
              "instance": "/pools/gama",
              "known": ["alpha", "beta"]
            }""";

    static final String UNKNOWN_SERVER = """
            {
              "type": "urn:problem-type:cashew:unknown-server",
              "title": "No such server",
              "status": 404,
              "detail": "There is no server 'd' in pool 'alpha'; there are: a, b, c.",
              "instance": "/pools/alpha/servers/d",
              "known": ["a", "b", "c"]
            }""";

    private static final String ONE_CLIENT = """
                  "id": 7,
                  "address": "10.0.0.9:51342",
                  "listener": "10.0.0.1:22121",
                  "tls": false,
                  "name": "worker-3",
                  "library": "redis-py",
                  "libraryVersion": "5.0.1",
                  "user": "default",
                  "dialect": 3,
                  "database": 0,
                  "ageMillis": 3600000,
                  "idleMillis": 12,
                  "lastCommand": "hset",
                  "requestsUnderWay": 1,
                  "inputBytes": 0,
                  "outputBytes": 0,
                  "inTransaction": false,
                  "blocked": false,
                  "subscriptions": 0,
                  "href": "/pools/alpha/clients/7"\
            """;

    static final String CLIENTS = """
            {
              "pool": "alpha",
              "total": 1200,
              "clients": [
                {
            """ + ONE_CLIENT + """

                }
              ],
              "next": "/pools/alpha/clients?after=7&limit=1"
            }""";

    static final String CLIENT = "{\n" + ONE_CLIENT + "\n}";

    static final String UNKNOWN_CLIENT = """
            {
              "type": "urn:problem-type:cashew:unknown-client",
              "title": "No such client",
              "status": 404,
              "detail": "There is no client 8 in pool 'alpha'.",
              "instance": "/pools/alpha/clients/8"
            }""";

    static final String SLOW_LOG = """
            {
              "pool": "alpha",
              "thresholdMillis": 10,
              "capacity": 128,
              "slowRequests": 3,
              "entries": [
                {
                  "id": 2,
                  "at": "2026-03-01T12:00:05.150Z",
                  "micros": 48210,
                  "words": ["LRANGE", "timeline:7", "0", "-1"],
                  "client": 7,
                  "address": "10.0.0.9:51342",
                  "clientName": "worker-3",
                  "server": "b",
                  "failure": null
                }
              ]
            }""";

    static final String UNREADABLE_KEY = """
            {
              "type": "urn:problem-type:cashew:unreadable-key",
              "title": "The key cannot be read",
              "status": 400,
              "detail": "keyHex is not an even number of hexadecimal digits.",
              "instance": "/pools/alpha/route"
            }""";

    static final String KEY_TOO_LONG = """
            {
              "type": "urn:problem-type:cashew:key-too-long",
              "title": "The key is too long",
              "status": 414,
              "detail": "The key has 9000 bytes, at most 8192 can be explained.",
              "instance": "/pools/alpha/route"
            }""";

    static final String DISTRIBUTION = """
            {
              "pool": "alpha",
              "distribution": "ketama",
              "hashFunction": "fnv1a_64",
              "points": 480,
              "requests": 1048576,
              "servers": [
                {
                  "name": "a",
                  "ejected": false,
                  "weight": 1,
                  "weightShare": 0.3333333333333333,
                  "points": 160,
                  "share": 0.3586910986341536,
                  "requests": 349525,
                  "requestShare": 0.3333330154418945,
                  "href": "/pools/alpha/servers/a"
                }
              ]
            }""";

    static final String CONFIGURATION = """
            {
              "settings": [
                {
                  "name": "cashew.limits.pending",
                  "value": "262144",
                  "origin": "default"
                },
                {
                  "name": "cashew.rest.users.alice.password",
                  "value": "****",
                  "origin": "file:/etc/cashew/application.yaml line 7"
                }
              ],
              "pools": [
                {
                  "name": "alpha",
                  "settings": {
                    "hash": "fnv1a_64",
                    "listen": "127.0.0.1:22121",
                    "protocol": "redis",
                    "timeout": "400ms"
                  },
                  "servers": ["10.0.0.1:6379:1 a"]
                }
              ]
            }""";

    static final String LOG_LEVELS = """
            {
              "levels": {
                "io.cashew.server": "DEBUG"
              },
              "categories": ["io.cashew", "io.cashew.pool", "io.cashew.pool.Pool", "io.cashew.server"]
            }""";

    static final String NEW_LOG_LEVELS = """
            {
              "levels": {
                "io.cashew.server": "DEBUG"
              }
            }""";

    static final String UNKNOWN_LEVEL = """
            {
              "type": "urn:problem-type:cashew:unknown-level",
              "title": "No such level",
              "status": 400,
              "detail": "There is no level 'LOUD'; there are: ERROR, WARN, INFO, DEBUG.",
              "instance": "/admin/log-levels"
            }""";

    static final String EVENTS = """
            {
              "events": [
                {
                  "id": 1772366400000003,
                  "at": "2026-03-01T12:00:00.000120Z",
                  "kind": "server-ejected",
                  "pool": "alpha",
                  "server": "a",
                  "text": "pool 'alpha': server 'a' (10.0.0.1:6379) is ejected for 30000 ms: it refuses connections; \
            start it, or correct its address"
                }
              ]
            }""";

    static final String EVENT_STREAM = """
            :still here

            id:1772366400000003
            event:server-ejected
            data:{"id":1772366400000003,"at":"2026-03-01T12:00:00.000120Z","kind":"server-ejected", …}""";

    static final String NOT_AN_EVENT = """
            {
              "type": "urn:problem-type:cashew:not-an-event",
              "title": "Not the id of an event",
              "status": 400,
              "detail": "An id is the number of an event; leave it out to begin now.",
              "instance": "/events/recent"
            }""";

    static final String TOO_MANY_STREAMS = """
            {
              "type": "urn:problem-type:cashew:too-many-streams",
              "title": "Too many streams",
              "status": 503,
              "detail": "There are 64 streams of events already; close one, or ask /events/recent now and then.",
              "instance": "/events"
            }""";

    static final String CREDENTIALS_NEEDED = """
            {
              "type": "urn:problem-type:cashew:credentials-needed",
              "title": "Who are you?",
              "status": 401,
              "detail": "PUT needs a user with the role admin: send name and password (HTTP Basic).",
              "instance": "/admin/log-levels"
            }""";

    static final String NO_USERS = """
            {
              "type": "urn:problem-type:cashew:no-users",
              "title": "Nobody may do this",
              "status": 403,
              "detail": "This needs a user with the role admin, and there is none: set \
            cashew.rest.users.NAME.role=admin and its password-file.",
              "instance": "/admin/log-levels"
            }""";

    static final String TOO_MANY_GUESSES = """
            {
              "type": "urn:problem-type:cashew:too-many-guesses",
              "title": "Too many wrong passwords",
              "status": 429,
              "detail": "Too many wrong passwords have come from this address, so this one was not looked at; try again in 1 s.",
              "instance": "/admin/log-levels"
            }""";

    private Examples() {}
}
