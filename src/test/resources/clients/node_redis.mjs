import { createRequire } from 'node:module'
import { run } from './application.mjs'

const { createClient } = createRequire(process.cwd() + '/')('redis')

// What the library speaks when it is not told which.
const usual = 3

run(async ({ port, password, name, dialect, tls, once }) => {
  const client = createClient({
    url: `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    socket: { ...(tls && { tls: true, ca: tls.ca }), ...(once && { reconnectStrategy: false }) },
    ...(dialect !== usual && { RESP: dialect }),
    password,
    name,
  })
  client.on('error', error => once || error.name === 'SocketClosedUnexpectedlyError' || console.error(error))
  await client.connect()
  return {
    call: (...words) => client.sendCommand(words),
    set: (key, value) => client.set(key, value),
    get: key => client.get(key),
    mset: values => client.mSet(values),
    mget: keys => client.mGet(keys),
    del: keys => client.del(keys),
    async hash(key, fields) {
      await client.hSet(key, fields)
      return { ...(await client.hGetAll(key)) }
    },
    async list(key, elements) {
      await client.rPush(key, elements)
      return client.lRange(key, 0, -1)
    },
    async scores(key, members) {
      await client.zAdd(key, Object.entries(members).map(([value, score]) => ({ value, score })))
      return Object.fromEntries((await client.zRangeWithScores(key, 0, -1)).map(({ value, score }) => [value, score]))
    },
    async pipeline(values) {
      const all = await Promise.all(Object.entries(values).flatMap(([key, value]) => [client.set(key, value), client.get(key)]))
      return all.filter((_, i) => i % 2 === 1)
    },
    transaction: key => client.multi().incr(key).incr(key).exec(),
    async script(body, key, argument) {
      return client.evalSha(await client.scriptLoad(body), { keys: [key], arguments: [argument] })
    },
    async scan() {
      const keys = []
      for await (const page of client.scanIterator({ COUNT: 100 })) {
        keys.push(...page)
      }
      return keys
    },
    pop: async key => (await client.blPop(key, 5)).element,
    publish: (channel, message) => client.publish(channel, message),
    subscribe: (channel, hear) => client.subscribe(channel, hear),
    psubscribe: (pattern, hear) => client.pSubscribe(pattern, hear),
    close: async () => client.destroy(),
  }
})
