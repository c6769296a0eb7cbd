import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authIdOf, formBrowser } from '../../../test/form-browser.ts'
import { oneMore, people, request, setCookies } from '../../../test/people.ts'
import { remembers } from '../../../test/remembered.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import type { JsonObject } from '../../base/json.ts'
import { failure, success } from '../../journey/built-in/journey.ts'
import { boundTo } from '../../journey/cookie/cookie-setting.ts'
import { sealProof } from '../../journey/cookie/proof.ts'
import type { Session } from '../../session/session.ts'
import { createSession, readSession } from '../../session/session.ts'
import type { EndUser } from '../../user/end-user.ts'
import { changeEndUser } from '../../user/end-user.ts'
import { authenticate } from './authenticate.ts'
import { login } from './login.ts'

const all = await people()
const { demo, clock } = all
const known = (more: JsonObject) =>
  tree(
    {
      known: { type: 'PersistentCookieDecisionNode', to: { true: 'mark', false: failure } },
      mark: {
        type: 'SetCustomCookieNode',
        settings: { name: 'mark', value: 'set' },
        to: { outcome: success },
      },
    },
    more,
  )
/** Goes by the password, which ForceAuth wants beside whatever cookie there is. */
const proven = (more: JsonObject) =>
  tree(
    {
      ...remembers,
      known: { type: 'PersistentCookieDecisionNode', to: { true: failure, false: 'page' } },
      set: { type: 'SetPersistentCookieNode', to: { outcome: 'mark' } },
      mark: {
        type: 'SetCustomCookieNode',
        settings: { name: 'mark', value: 'set' },
        to: { outcome: success },
      },
    },
    more,
  )
const alpha = await withTrees(all.alpha, {
  Known: known({}),
  NoSession: known({ noSession: true }),
  Always: known({ mustRun: true }),
  Proven: proven({}),
  ProvenNoSession: proven({ noSession: true }),
  ProvenAlways: proven({ mustRun: true }),
})

/** A persistent cookie of somebody, as a journey has set it. */
function cookieOf(user: EndUser): string {
  const bound = boundTo({ hmacSigningKey: '', hmacSigningKeySecretLabelIdentifier: '' })
  const proof = { peer: '127.0.0.1', until: clock.now + 36_000, idle: 36_000 }
  return `session-jwt=${sealProof(alpha, { name: 'session-jwt', bound }, user, proof)}`
}

async function begin(journey: string, query: string, cookie: string, username = 'demo') {
  const headers = {
    ...(journey.startsWith('Proven') && { 'x-openam-username': username }),
    ...(journey.startsWith('Proven') && { 'x-openam-password': 'Ch4ng31t' }),
    ...{ cookie, 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' },
  }
  const asked = `authIndexType=service&authIndexValue=${journey}${query}`
  const answer = await authenticate.handle(
    alpha,
    request('POST', `/authenticate?${asked}`, headers),
  )
  const { tokenId } = JSON.parse(String(answer.body)) as { readonly tokenId?: string }
  return { status: answer.status, tokenId, cookies: [...setCookies(answer).keys()] }
}

const lives = async ({ token }: Session) => (await readSession(alpha, token)) !== undefined

const without: readonly (readonly [journey: string, query: string])[] = [
  ['Known', '&noSession=true'],
  ['Proven', '&noSession=true&ForceAuth=true'],
  ['Always', '&noSession=true'],
  ['NoSession', ''],
  ['ProvenNoSession', '&ForceAuth=true'],
]
for (const [journey, query] of without) {
  test(`PingAM: ${journey}${query} makes no session and sets the custom cookie alone, and the browser’s own session and one to be upgraded go on`, async () => {
    const [own, named] = [
      await createSession(alpha, demo, 'Login'),
      await createSession(alpha, demo, 'Login'),
    ]
    const cookies = `${alpha.provider.cookieName}=${own.token}; ${cookieOf(demo)}`
    for (const upgrade of ['', `&sessionUpgradeSSOTokenId=${named.token}`]) {
      const done = await begin(journey, `${query}${upgrade}`, cookies)
      assert.deepEqual(done, { status: 200, tokenId: undefined, cookies: ['mark'] })
    }
    assert.deepEqual([await lives(own), await lives(named)], [true, true])
  })
}

test('PingAM: a custom cookie of a journey without a session is set at the login page too, and once more for the same answers', async () => {
  const page = formBrowser((http) => login(() => undefined).handle(alpha, http), '/XUI/')
  const query = 'realm=/alpha&service=ProvenNoSession'
  const asked = await page.get(query)
  const form = { authId: authIdOf(asked), IDToken1: 'demo', IDToken2: 'Ch4ng31t' }
  const jar = [...page.jar]
  for (let i = 0; i < 2; i += 1) {
    for (const [name, value] of jar) page.jar.set(name, value)
    const done = await page.post(query, form)
    assert.equal(done.status, 303)
    assert.ok(setCookies(done).has('mark') && !setCookies(done).has('session-jwt'))
  }
})

test('B-2 ForceAuth and an upgrade leave neither the browser’s session nor the one that was named, whoever logs in', async () => {
  for (const user of [demo, await oneMore(all)]) {
    const [own, named] = [
      await createSession(alpha, demo, 'Login'),
      await createSession(alpha, demo, 'Login'),
    ]
    const cookies = `${alpha.provider.cookieName}=${own.token}; ${cookieOf(user)}`
    const query = `&ForceAuth=true&sessionUpgradeSSOTokenId=${named.token}`
    const { tokenId = '', cookies: set } = await begin(
      'ProvenAlways',
      query,
      cookies,
      user.username,
    )
    assert.equal((await readSession(alpha, tokenId))?.sub, user.sub)
    assert.ok(
      ['mark', 'session-jwt', alpha.provider.cookieName].every((each) => set.includes(each)),
    )
    assert.deepEqual([await lives(own), await lives(named)], [false, false])
  }
})

test('C-37 a persistent cookie is over once the account was disabled, also when it is enabled again', async () => {
  const user = await oneMore(all)
  const cookie = cookieOf(user)
  assert.equal((await begin('Known', '', cookie)).status, 200)
  for (const status of ['Inactive', 'Active'] as const) {
    await changeEndUser(alpha, user.sub, { status })
    assert.deepEqual(await begin('Known', '', cookie), { ...nothing, status: 401 }, status)
  }
})

const nothing = { tokenId: undefined, cookies: [] }
