import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Person } from '../../../test/flow.ts'
import { person, somebody, tokensFor } from '../../../test/flow.ts'
import { keep } from '../../../test/trees.ts'
import { base, origin, world } from '../../../test/world.ts'
import { boundTo } from '../../journey/cookie/cookie-setting.ts'
import { sealProof } from '../../journey/cookie/proof.ts'
import { nodesFolder } from '../../realm/journey/list.ts'
import { sessionCsrf } from '../../session/csrf.ts'
import type { EndUser } from '../../user/end-user.ts'

const w = await world()
const realm = await w.realm()
const bound = { hmacSigningKey: 'c2VjcmV0', hmacSigningKeySecretLabelIdentifier: '' }
await keep(realm, `${nodesFolder}/SetPersistentCookieNode/one`, {})
await keep(realm, `${nodesFolder}/PersistentCookieDecisionNode/two`, {
  ...bound,
  persistentCookieName: 'two',
})
const other = await somebody(w)

/** Cookies that let somebody in unasked, as journeys of the realm have set them. */
async function remember(p: Person, path: string, user: EndUser): Promise<void> {
  const home = await w.realm(path)
  const until = home.now() + 36_000
  const proof = { until, idle: 36_000, peer: '192.0.2.1' }
  const of = (name: string, by: string) => sealProof(home, { name, bound: by }, user, proof)
  const none = boundTo({ hmacSigningKey: '', hmacSigningKeySecretLabelIdentifier: '' })
  p.cookies.set('session-jwt', of('session-jwt', none))
  p.cookies.set('two', of('two', boundTo(bound)))
}

const rest = { 'accept-api-version': 'resource=4.0', 'content-type': 'application/json' }
const sessionsAt = (path: string) => `${origin}/am/json/realms/root${path}/sessions?_action=logout`
const ways: Readonly<Record<string, (p: Person) => Promise<unknown>>> = {
  'by REST': (p) => p.post(sessionsAt('/realms/alpha'), '', rest),
  'at the logout page': (p) =>
    p.post(`${base}/connect/endSession`, {
      ...{ logout: 'yes', csrf: sessionCsrf(realm, p.session, 'logout') },
    }),
  'by “Not you?”': (p) =>
    p.post(`${origin}/am/XUI/switch?realm=/alpha`, {
      leave: sessionCsrf(realm, p.session, 'switch'),
    }),
  'by a client’s hint': async (p) => {
    const { id_token } = await tokensFor(w, { scope: 'openid' }, p)
    return p.get(`${base}/connect/endSession?id_token_hint=${id_token}`)
  },
  'by a client’s hint, once the session has ended by itself': async (p) => {
    const { id_token } = await tokensFor(w, { scope: 'openid' }, p)
    p.cookies.delete('iPlanetDirectoryPro')
    return p.get(`${base}/connect/endSession?id_token_hint=${id_token}`)
  },
}
const left = ({ cookies }: Person) => ['session-jwt', 'two'].filter((name) => cookies.has(name))

for (const [way, logOut] of Object.entries(ways)) {
  test(`PingAM: who logs out ${way} is let in unasked no more by a persistent cookie; whoever else is stays so`, async () => {
    const p = await person(w)
    await remember(p, '/alpha', w.demo)
    await logOut(p)
    assert.deepEqual([left(p), p.cookies.has('iPlanetDirectoryPro')], [[], false])
    for (const [path, user] of [
      ['/alpha', other],
      ['/bravo', w.demo],
    ] as const) {
      const q = await person(w)
      await remember(q, path, user)
      await logOut(q)
      assert.deepEqual(left(q), ['session-jwt', 'two'], path)
    }
  })
}

test('C-38 a logout at the URL of another realm leaves no persistent cookie', async () => {
  const p = await person(w)
  await remember(p, '/alpha', w.demo)
  p.cookies.set('mine', 'kept')
  await p.post(sessionsAt(''), '', rest)
  assert.deepEqual([left(p), p.cookies.get('mine')], [[], 'kept'])
})

test('a logout that is not proven to be of this browser’s session leaves it its persistent cookies', async () => {
  const p = await person(w)
  await remember(p, '/alpha', w.demo)
  const elsewhere = await person(w)
  const body = JSON.stringify({ tokenId: elsewhere.session.token })
  await p.post(sessionsAt('/realms/alpha'), body, rest)
  p.cookies.delete('iPlanetDirectoryPro')
  await p.get(`${base}/connect/endSession`)
  assert.deepEqual(left(p), ['session-jwt', 'two'])
})
