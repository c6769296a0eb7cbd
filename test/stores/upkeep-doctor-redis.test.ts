import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import { slots } from '../../src/store/doctor/slots.ts'
import { rawShelves } from '../../src/store/index.ts'
import { needsRedis, type RedisServer, startRedis, until } from './redis.ts'
import { type RedisCluster, startRedisCluster } from './redis-cluster.ts'
import { findings, provesVerbs, refused } from './upkeep-doctor.ts'

const needed = needsRedis()
const keyText = random(32).toString('hex')
const disk = { PARAPET_DURABILITY: 'disk' }
let redis: RedisServer
let cluster: RedisCluster

before(async () => {
  if ('skip' in needed) return
  redis = await startRedis()
  // On a busy machine nobody is to take over from a master that is slow.
  cluster = await startRedisCluster({
    ...{ nodeTimeout: 60_000, config: { 'cluster-require-full-coverage': 'no' } },
  })
})
after(() => Promise.all([redis?.close(), cluster?.close()]))

test(
  'house: the doctor of Redis says that it has no AOF, evicts, or lets somebody only read',
  needed,
  async () => {
    const set = (name: string, value: string): Promise<string> =>
      redis.ask('config', 'set', name, value)
    await set('appendonly', 'no')
    const found = await findings(redis.url, disk)
    assert.equal(found.status, 1)
    provesVerbs(found)
    assert.match(found.of('refuted').join('\n'), /^refuted [^\n]*\(disk\): .*set appendonly yes/)
    const lost = found.lines.filter((each) => /connections lost under/.test(each))
    assert.match(lost.join('\n'), /^proved /)
    assert.equal(await redis.ask('dbsize'), '0')
    await set('maxmemory-policy', 'allkeys-lru')
    await refused(redis.url, /set maxmemory-policy noeviction \(it is allkeys-lru\)/)
    await set('maxmemory-policy', 'noeviction')
    const may = '+@read +@connection +@scripting +@pubsub +info +config|get'.split(' ')
    await redis.ask('acl', 'setuser', 'reader', 'on', '>secret', '~*', '&*', ...may)
    const url = redis.url.replace('//', '//reader:secret@')
    await refused(url, /nothing can be written there: .*can't run this command/)
    assert.equal(await redis.ask('dbsize'), '0')
  },
)

test(
  'house: a Redis that goes away under the doctor is told, and what was proved before',
  needed,
  async () => {
    const told = findings(redis.url, {})
    // Records of the second verb are there once the first one has been raced.
    await until(async () => (await redis.ask('keys', '*replace*')) !== '')
    await redis.kill()
    const found = await told
    await redis.restart()
    assert.equal(found.status, 1)
    assert.match(found.lines[0] ?? '', /^proved one key is created once/)
    const [away, ...more] = found.of('refuted')
    assert.match(away ?? '', /: (?:no answer|no contest had a winner): /)
    assert.ok([...more, ...found.of('unproved')].some((each) => /not tried|no answer/.test(each)))
    assert.ok(found.of('unproved').some((each) => /nothing is left .*: not removed: /.test(each)))
  },
)

test(
  'house: the doctor of a Redis Cluster proves every verb over its masters, and finds a slot that nobody serves',
  needed,
  async (t) => {
    const found = await findings(cluster.url, disk)
    assert.deepEqual([found.status, found.of('refuted')], [0, []])
    provesVerbs(found)
    assert.match(found.lines[0] ?? '', /^proved every slot of the cluster is served: .* 16384 /)
    for (const node of cluster.nodes) assert.equal(await node.ask('dbsize'), '0')
    const { settings, records } = await rawShelves({ url: cluster.url, keyText, now, random })
    t.after(() => Promise.all([settings.close(), records.close()]))
    for (const node of cluster.nodes) await node.ask('cluster', 'delslots', '7')
    const [missing] = await slots(cluster.url, records)
    assert.equal(missing?.outcome, 'refuted')
    assert.match(missing.detail, /^1 of 16384 are not: slot 7: /)
    await refused(cluster.url, /1 of the 16384 slots of its cluster, the first of them 7: /)
  },
)
