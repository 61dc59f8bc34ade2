// What an application does with a client library of Node.js, over a pool of three servers and over one with a password.
//
// usage: node LIBRARY.mjs OPEN_PORT LOCKED_PORT PASSWORD DIALECT [AUTHORITY]
//
// DIALECT is 2 or 3; with a file of the authority that certificates have to be signed by, over TLS. The libraries
// are found in node_modules of the working directory. A library is a function that connects, and gives the client back in the
// words used below.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

const [open, locked, password, dialect, authority] = process.argv.slice(2)

export async function run(connect) {
  const settings = {
    dialect: Number(dialect),
    tls: authority && { ca: readFileSync(authority) },
  }
  const to = (port, more = {}) => connect({ port: Number(port), ...settings, ...more })
  const values = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}:key`, `value ${i}`]))
  const some = Object.keys(values).slice(0, 30)

  const tests = {
    async 'keeps what it is given'(client) {
      await client.set('k', 'v')
      assert.equal(await client.get('k'), 'v')
      assert.equal(await client.get('missing'), null)
    },
    async 'reads and writes many keys of several servers at once'(client) {
      await client.mset(values)
      assert.deepEqual(await client.mget([...some, 'missing']), [...some.map(key => values[key]), null])
    },
    async 'goes through the keys of all servers'(client) {
      await client.mset(values)
      assert.deepEqual(new Set(await client.scan()), new Set(Object.keys(values)))
      assert.equal(await client.del(Object.keys(values)), 1000)
    },
    async 'counts and collects'(client) {
      assert.deepEqual(await client.hash('hash', { one: '1', two: '2' }), { one: '1', two: '2' })
      assert.deepEqual(await client.list('list', ['a', 'b', 'a']), ['a', 'b', 'a'])
      assert.deepEqual(await client.scores('sorted set', { low: 1.5, high: 20 }), { low: 1.5, high: 20 })
    },
    async 'pipelines two thousand requests'(client) {
      assert.deepEqual(await client.pipeline(values), Object.values(values))
    },
    async 'counts twice in one transaction'(client) {
      assert.deepEqual(await client.transaction('counter'), [1, 2])
    },
    async 'runs a loaded script on whatever server its key lives'(client) {
      for (const key of some) {
        assert.equal(await client.script("return redis.call('INCRBY', KEYS[1], ARGV[1])", key, '7'), 7)
      }
    },
    async 'waits for what another pushes'(client) {
      const other = await to(open)
      const popped = other.pop('queue')
      await client.list('queue', ['element'])
      assert.equal(await popped, 'element')
      await other.close()
    },
    async 'an error of a server is thrown and the connection lives'(client) {
      const number = await client.call('CLIENT', 'ID')
      await client.list('a list', ['element'])
      await assert.rejects(client.get('a list'), /WRONGTYPE/)
      assert.equal(await client.call('CLIENT', 'ID'), number)
    },
    async 'an error of the pool is thrown and the connection lives'(client) {
      await assert.rejects(client.call('MSETNX', ...some.flatMap(key => [key, 'v'])), /CROSSSLOT/)
      assert.equal(await client.call('PING'), 'PONG')
    },
    async 'comes back after its connection was closed'(client) {
      await client.set('k', 'kept')
      const number = await client.call('CLIENT', 'ID')
      const other = await to(open)
      assert.equal(await other.call('CLIENT', 'KILL', 'ID', String(number)), 1)
      await other.close()
      let value
      while (value === undefined) {
        value = await client.get('k').catch(() => undefined)
      }
      assert.equal(value, 'kept')
      assert.notEqual(await client.call('CLIENT', 'ID'), number)
    },
    async 'says the password and its name'() {
      const client = await to(locked, { password, name: 'billing' })
      await client.set('k', 'v')
      assert.equal(await client.get('k'), 'v')
      assert.equal(await client.call('CLIENT', 'GETNAME'), 'billing')
      await client.close()
    },
    async 'a wrong or missing password is refused'() {
      for (const wrong of ['wrong', undefined]) {
        await assert.rejects(async () => {
          const client = await to(locked, { password: wrong, once: true })
          await client.get('k').finally(() => client.close())
        }, /WRONGPASS|invalid password|NOAUTH|closed/)
      }
    },
    async 'speaks its dialect'(client) {
      assert.match(await client.call('CLIENT', 'INFO'), new RegExp(` resp=${dialect}`))
    },
    async 'hears what another publishes'(client) {
      const listener = await to(open)
      const heard = []
      const all = new Promise(resolve => {
        const hear = message => heard.push(message) === 100 && resolve()
        listener.ready = Promise.all([listener.subscribe('news', hear), listener.psubscribe('weather.*', hear)])
      })
      await listener.ready
      for (let i = 0; i < 50; i++) {
        await client.publish('news', `n${i}`)
        await client.publish(`weather.${i}`, `w${i}`)
      }
      await all
      assert.deepEqual(heard.filter(text => text.startsWith('n')), Array.from({ length: 50 }, (_, i) => `n${i}`))
      assert.deepEqual(new Set(heard.filter(text => text.startsWith('w'))), new Set(Array.from({ length: 50 }, (_, i) => `w${i}`)))
      await listener.close()
    },
  }

  for (const [name, test] of Object.entries(tests)) {
    const client = await to(open)
    const all = await client.scan()
    if (all.length > 0) {
      await client.del(all)
    }
    try {
      await test(client)
    } catch (error) {
      console.error(`FAILED: ${name}`, error)
      // A library that reconnects would go on for ever.
      process.exit(1)
    }
    await client.close()
    console.log(name)
  }
  console.log(`OK, ${Object.keys(tests).length} tests`)
}
