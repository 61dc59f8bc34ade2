#!/usr/bin/env bash
# Redis's own tests, as Debian has them in the source of its redis package, through a pool of one server. Not part of the build:
#
#   ./mvnw package -DskipTests
#   src/test/suites/redis.sh                       all units that a pool can be asked to pass
#   src/test/suites/redis.sh unit/type/list ...    these
#
# Needs a JDK 25 (in JAVA_HOME, or as java), tclsh, redis-server, and apt-get with a mirror of Debian's sources; or REDIS_SOURCE, a
# directory with the source of the Redis that is installed. What is left out, and why, is in redis-differences.txt. Exits with 0 if
# all the rest passes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
units=("$@")
if [ ${#units[@]} -eq 0 ]; then
  units=(unit/{protocol,keyspace,scan,info-command,type/{string,incr,list,list-2,list-3,set,zset,hash,stream,stream-cgroups}}
    unit/{sort,expire,other,multi,quit,pubsub,scripting,functions,introspection,introspection-2,bitops,bitfield,geo}
    unit/{hyperloglog,lazyfree,pause,dump})
fi

work=$(mktemp -d)
pids=()
finish() {
  kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT
cd "$work"

if [ -n "${REDIS_SOURCE:-}" ]; then
  cp -r "$REDIS_SOURCE" redis
else
  # Lists of our own, so that nothing of the system is changed.
  mkdir -p lists/partial
  echo 'deb-src http://deb.debian.org/debian bookworm main' >sources.list
  apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists")
  "${apt[@]}" update
  "${apt[@]}" source redis 2>/dev/null
  mv redis-*/ redis
fi
cd redis
for program in redis-server redis-cli redis-benchmark; do
  ln -sf "$(command -v $program)" "src/$program"
done
sed -i "s|^source tests/support/util.tcl|&\nsource $here/redis.tcl|" tests/test_helper.tcl

redis-server --port 17601 --bind 127.0.0.1 --save '' --enable-debug-command yes --enable-protected-configs yes --dir "$work" \
  >"$work/server.log" &
pids+=($!)
cat >"$work/nutcracker.yml" <<END
suite:
  listen: 127.0.0.1:17621
  redis: true
  hash_tag: "{}"
  databases: 16
  allow_flush: true
  servers:
   - 127.0.0.1:17601:1 one
END
"${JAVA_HOME:+$JAVA_HOME/bin/}java" "@$root/deploy/jvm.options" -Dcashew.statistics.port=0 -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port=0 \
  -Dquarkus.management.host=127.0.0.1 -Dquarkus.management.port=0 -jar "$root/target/quarkus-app/quarkus-run.jar" \
  -c "$work/nutcracker.yml" >"$work/cashew.log" &
pids+=($!)
until redis-cli -p 17621 ping >/dev/null 2>&1; do
  for pid in "${pids[@]}"; do
    kill -0 "$pid" 2>/dev/null || { cat "$work"/*.log >&2; exit 1; }
  done
  sleep 0.2
done

export SERVER_PORT=17601
failed=0
for unit in "${units[@]}"; do
  ./runtest --host 127.0.0.1 --port 17621 --durable --tags '-needs:repl -external:skip' --timeout 120 --single "$unit" \
    --skipfile "$here/redis-differences.txt" </dev/null || failed=1
done
exit $failed
