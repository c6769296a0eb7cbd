import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../test/assertion.ts'
import type { Process } from '../../test/nodes.ts'
import { anotherProcess } from '../../test/nodes.ts'
import { redirect_uri, register } from '../../test/register.ts'
import { undelayed } from '../../test/undelayed.ts'
import type { World } from '../../test/world.ts'
import { base, basic, challenge, origin, requestOf, world } from '../../test/world.ts'
import type { Store } from '../store/store.ts'

const pushForm = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

const start = 1_800_000_000
const [known, stranger] = [await signer('ES256'), await signer('ES256')]
const issuer = `${origin}/am/oauth2/realms/root/realms/alpha`

/** A secret a person chose: the only kind that somebody could guess. */
const chosen = 'mySecret'

type Try = (process: Process, text: string, peer: string) => Promise<number>

const trySecretOf =
  (client_id: string): Try =>
  async ({ serve }, text, peer) => {
    const headers = { authorization: basic(client_id, text) }
    const http = requestOf('POST', `${base}/par`, { form: pushForm, headers })
    return (await serve({ ...http, peer })).status
  }

const tryPasswordOf =
  (username: string): Try =>
  async ({ serve }, text, peer) => {
    const headers = {
      'X-OpenAM-Username': username,
      'X-OpenAM-Password': text,
      'Accept-API-Version': 'resource=2.1',
    }
    const target = `${origin}/am/json/realms/root/realms/alpha/authenticate`
    const lower = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v]))
    return (await serve({ ...requestOf('POST', target, { headers: lower }), peer })).status
  }

const [trySecret, tryPassword] = [trySecretOf('chosen'), tryPasswordOf('demo')]

/** An assertion that is signed by nobody that the client knows. */
const tryAssertion: Try = async ({ serve }, text, peer) => {
  const claims = { ...goodClaims('signing', issuer, start), jti: text }
  const form = { ...pushForm, ...proof(assertion(stranger, claims)) }
  return (await serve({ ...requestOf('POST', `${base}/par`, { form }), peer })).status
}

interface Two {
  readonly w: World
  readonly both: readonly [Process, Process]
  /** Keys of the quotas that were written. */
  readonly quotas: readonly string[]
}

/** Tries are counted, not hashes: these take a thread as any, and a hundredth of the time there. */
const hashCost = { memoryCost: 128, timeCost: 1 }

async function two(): Promise<Two> {
  const quotas: string[] = []
  const told = (store: Store): Store => ({
    ...store,
    insert(key, ...given) {
      if (key.startsWith('quota:')) quotas.push(key)
      return store.insert(key, ...given)
    },
  })
  const w = await world({ records: told, hashCost })
  await register(w, 'chosen', { text: chosen })
  const keys = { publicKeyLocation: 'jwks', jwkSet: keySet(known) }
  const advanced = { tokenEndpointAuthMethod: 'private_key_jwt' }
  const signed = { ...keys, tokenEndpointAuthSigningAlgorithm: 'ES256' }
  await register(w, 'signing', { advanced, keys: signed })
  return { w, both: [await anotherProcess(w), await anotherProcess(w)], quotas }
}

async function guesses(
  all: readonly Process[],
  attempt: Try,
  n: number,
  from = 0,
  // Each from an address of its own, so that nothing but the count over all of them holds it up.
  peer = (i: number) => `10.${(from + i) >> 8}.${(from + i) & 255}.1`,
): Promise<Record<number, number>> {
  const counts: Record<number, number> = {}
  const tries = Array.from({ length: n }, (_, i) =>
    attempt(all[i % all.length] as Process, `guess ${from + i}`, peer(i)),
  )
  for (const status of await undelayed(() => Promise.all(tries)))
    counts[status] = (counts[status] ?? 0) + 1
  return counts
}

for (const [what, attempt, right] of [
  ['a client’s secret', trySecret, [chosen, 201]],
  ['a password', tryPassword, ['Ch4ng31t', 200]],
] as const) {
  test(`C-34 guesses at ${what} are counted over all processes: a hundred and four for each at most`, async () => {
    const { w, both } = await two()
    const { 401: checked = 0, 429: refused = 0 } = await guesses(both, attempt, 240)
    assert.ok(checked >= 98 && checked <= 108, `${checked}`)
    assert.ok(refused >= 130, `${refused}`)
    const third = await anotherProcess(w)
    const more = await guesses([third], attempt, 30, 300)
    assert.ok((more[401] ?? 0) <= 4, 'a process that starts brings no more than its own four')
    assert.equal(await attempt(third, right[0], '192.0.2.1'), 429, 'nor is the right one told')
    w.clock.now += 60
    const later = await guesses([...both, third], attempt, 60, 400)
    const sum = checked + (more[401] ?? 0) + (later[401] ?? 0)
    assert.ok(sum <= 100 + 3 * 4 + 10 + 2, `ten in a minute, not ${later[401]}`)
    w.clock.now += 600
    assert.equal(await attempt(third, right[0], '192.0.2.1'), right[1])
  })

  test(`C-34 the right one of ${what} writes nothing of guesses, and takes nothing from the next`, async () => {
    const { both, quotas } = await two()
    for (let i = 0; i < 30; i++)
      assert.equal(await attempt(both[i % 2] as Process, right[0], `192.0.2.${i}`), right[1])
    assert.deepEqual(quotas, [])
  })
}

/** Whatever can be tried: what nobody has is refused alike, or it would be told from what somebody has. */
const tried: Readonly<Record<string, Try>> = {
  'a client’s secret': trySecret,
  'the secret of a client that there is not': trySecretOf('nobody'),
  'a password': tryPassword,
  'the password of an account that there is not': tryPasswordOf('nobody'),
  'an assertion': tryAssertion,
}

for (const [what, attempt] of Object.entries(tried)) {
  test(`C-34 tries of one address at ${what} are counted over all processes: twenty, and four for each at most`, async () => {
    const { w, both } = await two()
    const from = () => '192.0.2.7'
    // What found no place in the queue of hashes, on a busy machine, is given back (503).
    const first = await guesses(both, attempt, 80, 0, from)
    const { 429: refused = 0, 503: placeless = 0 } = first
    assert.ok(80 - refused - placeless <= 28 && 80 - refused >= 18, JSON.stringify(first))
    const third = await anotherProcess(w)
    const more = await guesses([third], attempt, 10, 100, from)
    const added = 10 - (more[429] ?? 0) - (more[503] ?? 0)
    assert.ok(added <= 4 + placeless, 'a process that starts brings no more than its own four')
    const other = await guesses([third], attempt, 1, 200, () => '192.0.2.8')
    assert.equal(other[429], undefined, 'another address is not held off')
  })
}

test('C-34 in five seconds an address has twenty tries again, and four for each process at most', async () => {
  const { w, both } = await two()
  const attempt = trySecretOf('nobody')
  const from = () => '192.0.2.7'
  await guesses(both, attempt, 60, 0, from)
  for (let i = 1; i <= 2; i++) {
    w.clock.now += 5
    const later = await guesses(both, attempt, 60, i * 100, from)
    const checked = 60 - (later[429] ?? 0)
    assert.ok(checked >= 15 && checked <= 28, JSON.stringify(later))
  }
})

test('C-34 tries of one address write nothing while they are few, and nothing of names comes into the store', async () => {
  const { both, quotas } = await two()
  for (const attempt of [tryPasswordOf('nobody'), tryPassword]) {
    await guesses([both[0]], attempt, 4, 0, () => '192.0.2.7')
    assert.deepEqual(quotas, [])
  }
  // Right ones after it, one by one and two at once, take nothing that is not given back.
  for (let i = 0; i < 5; i++) {
    const pair = [0, 1].map(() => tryPassword(both[1], 'Ch4ng31t', '192.0.2.7'))
    assert.deepEqual(await Promise.all(pair), [200, 200])
  }
  assert.deepEqual(quotas, [])
  // A client of the same name is another thing, of which nothing was tried yet.
  const few = await guesses([both[0]], trySecretOf('nobody'), 4, 100, () => '192.0.2.7')
  assert.deepEqual(few, { 401: 4 })
  assert.deepEqual(quotas, [])
  const more = await guesses([both[0]], trySecretOf('nobody'), 2, 200, () => '192.0.2.7')
  assert.deepEqual(more, { 401: 2 })
  const [key = '', ...others] = quotas
  assert.match(key, /^quota:[\w-]{43}$/)
  assert.deepEqual(others, [])
})
