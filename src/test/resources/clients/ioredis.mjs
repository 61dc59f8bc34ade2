import { createRequire } from 'node:module'
import { run } from './application.mjs'

const { Redis } = createRequire(process.cwd() + '/')('ioredis')

// What the library speaks when it is not told which.
const usual = 3

run(async ({ port, password, name, dialect, tls, once }) => {
  const client = new Redis({
    port,
    host: '127.0.0.1',
    password,
    connectionName: name,
    ...(dialect !== usual && { protocol: dialect }),
    ...(tls && { tls }),
    ...(once && { retryStrategy: null, lazyConnect: true }),
  })
  client.on('error', error => once || console.error(error))
  if (once) {
    await client.connect()
  }
  return {
    call: (...words) => client.call(...words),
    set: (key, value) => client.set(key, value),
    get: key => client.get(key),
    mset: values => client.mset(values),
    mget: keys => client.mget(keys),
    del: keys => client.del(keys),
    async hash(key, fields) {
      await client.hset(key, fields)
      return client.hgetall(key)
    },
    async list(key, elements) {
      await client.rpush(key, ...elements)
      return client.lrange(key, 0, -1)
    },
    async scores(key, members) {
      await client.zadd(key, ...Object.entries(members).flatMap(([member, score]) => [score, member]))
      const flat = (await client.zrange(key, 0, -1, 'WITHSCORES')).flat()
      return Object.fromEntries(flat.flatMap((member, i) => (i % 2 ? [] : [[member, Number(flat[i + 1])]])))
    },
    async pipeline(values) {
      const pipeline = client.pipeline()
      Object.entries(values).forEach(([key, value]) => pipeline.set(key, value).get(key))
      return (await pipeline.exec()).filter((_, i) => i % 2 === 1).map(([error, value]) => error ?? value)
    },
    transaction: async key => (await client.multi().incr(key).incr(key).exec()).map(([error, value]) => error ?? value),
    async script(body, key, argument) {
      return client.evalsha(await client.script('LOAD', body), 1, key, argument)
    },
    async scan() {
      const keys = []
      for await (const page of client.scanStream({ count: 100 })) {
        keys.push(...page)
      }
      return keys
    },
    pop: async key => (await client.blpop(key, 5))[1],
    publish: (channel, message) => client.publish(channel, message),
    subscribe(channel, hear) {
      client.on('message', (_, message) => hear(message))
      return client.subscribe(channel)
    },
    psubscribe(pattern, hear) {
      client.on('pmessage', (_, channel, message) => hear(message))
      return client.psubscribe(pattern)
    },
    close: async () => client.disconnect(),
  }
})
