import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { clientKind } from '../client.ts'
import { applyAtStart, applyByHand } from './at-start.ts'
import { inTurn } from './turn.ts'

async function site() {
  const w = await world()
  const root = await w.realm('/')
  const secrets = { env: '' }
  const references = { env: () => secrets.env, file: () => '' }
  /** A document in which two clients have this address. */
  const version = (uri: string): JsonObject => ({
    port: 8080,
    realms: [{ path: '/alpha', clients: ['one', 'two'].map((id) => client(id, uri)) }],
  })
  const start = (document: JsonObject) =>
    withEvents(() => applyAtStart(root, { parts: [{ file: '', document }], references }, ['port']))
  const hand = (document: JsonObject) =>
    applyByHand(root, [{ file: '', document }], { by: 'apply', references, beside: ['port'] })
  /** The address that the two clients have now. */
  const uris = async (): Promise<readonly (string | undefined)[]> => {
    const realm = await w.realm()
    const found = [await clientKind.read(realm, 'one'), await clientKind.read(realm, 'two')]
    return found.map((each) => /https:[^"]+/.exec(JSON.stringify(each?.value))?.[0])
  }
  return { w, root, secrets, version, start, hand, uris }
}

const client = (_id: string, uri: string): JsonObject => ({
  _id,
  coreOAuth2ClientConfig: { clientType: 'Public', redirectionUris: [uri] },
  advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'none' },
})

const [a, b, c] = ['https://a.example/cb', 'https://b.example/cb', 'https://c.example/cb'] as const

test('config: a start sets what its document names again, and touches nothing else', async () => {
  const { start, hand, version, uris, w } = await site()
  await start(version(a))
  await hand({ realms: [{ path: '/alpha', clients: [client('one', c)] }] })
  assert.deepEqual(await uris(), [c, a])
  const { events } = await start(version(a))
  assert.deepEqual(await uris(), [a, a])
  assert.ok(events.some(({ name, fields }) => name === 'document.applied' && fields.changes === 1))
  assert.ok(await clientKind.read(await w.realm(), 'myClient'))
})

test('config: while a new document takes the place of an old one, a server of the old one that starts again sets nothing back', async () => {
  const { start, version, uris } = await site()
  await start(version(a))
  await start(version(b))
  const { events } = await start(version(a))
  assert.deepEqual(await uris(), [b, b])
  const told = events.filter(({ name }) => name.startsWith('document.'))
  assert.deepEqual(
    told.map(({ name, level }) => [name, level]),
    [['document.superseded', 'warn']],
  )
  await start({ ...version(b), port: 9090 })
  await start(version(a))
  assert.deepEqual(await uris(), [b, b])
})

test('config: whoever applies an old document by hand has gone back to it, at starts too', async () => {
  const { start, hand, version, uris } = await site()
  await start(version(a))
  await start(version(b))
  await hand(version(a))
  assert.deepEqual(await uris(), [a, a])
  await start(version(b))
  assert.deepEqual(await uris(), [a, a])
  await start(version(a))
  assert.deepEqual(await uris(), [a, a])
})

test('config: a document of the same text whose secrets are others is another one', async () => {
  const { start, secrets, version, uris, root } = await site()
  const document = version(`https://\${env:HOST}/cb`)
  secrets.env = 'a.example'
  await start(document)
  secrets.env = 'b.example'
  await start(document)
  secrets.env = 'a.example'
  await start(document)
  assert.deepEqual(await uris(), [b, b])
  // Names in another order are the same one.
  secrets.env = 'b.example'
  const other = { realms: document.realms, port: 1 } as JsonObject
  const { events } = await start(other)
  assert.ok(events.some(({ name }) => name === 'document.applied'))
  const history = await root.settings.get('document/history')
  assert.equal((JSON.parse(String(history?.value)) as unknown[]).length, 2)
})

test('config: a document with which something is wrong ends the start, and supersedes none', async () => {
  const { start, version, uris } = await site()
  await start(version(a))
  await assert.rejects(
    start(version('nix')),
    /cannot be set:\n {2}realms\[0\]\.clients\[0\].*\n {2}realms\[0\]\.clients\[1\]/,
  )
  await start(version(a))
  assert.deepEqual(await uris(), [a, a])
})

test('config: servers that start at once with two documents leave one of them whole', async () => {
  const { start, version, uris } = await site()
  await Promise.all([start(version(a)), start(version(b)), start(version(c))])
  const [one, two] = await uris()
  assert.ok(one !== undefined && one === two)
})

test('config: one process at a time applies; who was not heard of for half a minute has lost its turn', async () => {
  const { root, w } = await site()
  const order: string[] = []
  const first = inTurn(root, async (hold) => {
    order.push('first begins')
    w.clock.now += 31
    await inTurn(root, async () => void order.push('second'))
    await assert.rejects(hold(), /another process has begun/)
    order.push('first ends')
  })
  await first
  assert.deepEqual(order, ['first begins', 'second', 'first ends'])
  await inTurn(root, async (hold) => {
    for (let i = 0; i < 10; i++) {
      w.clock.now += 15
      await hold()
    }
    order.push('third')
  })
  assert.equal(order.at(-1), 'third')
})

test('config: whoever comes second begins when the first has ended, whatever became of it', async () => {
  const { root } = await site()
  const order: string[] = []
  const { promise: gate, reject: fail } = Promise.withResolvers<void>()
  const first = inTurn(root, async () => {
    order.push('first begins')
    await gate.finally(() => order.push('first ends'))
  })
  const { promise: waited, resolve } = Promise.withResolvers<void>()
  let tries = 0
  const insert: typeof root.settings.insert = (...asked) => {
    tries += 1
    if (tries === 4) resolve()
    return root.settings.insert(...asked)
  }
  const second = inTurn({ ...root, settings: { ...root.settings, insert } }, async () => {
    order.push('second')
    resolve()
  })
  await waited
  assert.deepEqual(order, ['first begins'])
  fail(new Error('it could not be applied'))
  await assert.rejects(first, /could not be applied/)
  await second
  assert.deepEqual(order, ['first begins', 'first ends', 'second'])
  assert.equal(await root.settings.get('document/turn'), undefined)
})
