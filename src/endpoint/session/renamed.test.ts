import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, callWith } from '../../../test/administrator.ts'
import type { Person } from '../../../test/flow.ts'
import {
  account,
  claimsOf,
  codeFor,
  isConsentPage,
  logInAndReturn,
  person,
  redeem,
  refresh,
  slimUrl,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { base, basic, bodyOf, pushed, requestOf, world } from '../../../test/world.ts'

const w = await world({ alpha: { advancedOIDCConfig: { loaMapping: { gold: 'Password' } } } })
const admin = await administrator(w)
const resource5 = { 'accept-api-version': 'resource=5.1' }

/** What somebody has who logged in, let an application in, and got another name; and the name that is somebody else's now. */
interface Renamed {
  readonly p: Person
  readonly sub: string
  readonly older: string
  readonly code: string
  readonly access_token: unknown
  readonly refresh_token: unknown
}

let count = 0

async function renamed(): Promise<Renamed> {
  const [older, now] = [`ann${++count}`, `anna${count}`]
  const user = await account(w, older)
  const p = await person(w, { user })
  const { access_token, refresh_token } = await tokensFor(w, { scope: 'openid profile' }, p)
  const code = await codeFor(w, { scope: 'openid' }, p)
  const given = await admin('PUT', `/users/${user.sub}`, { username: now })
  assert.equal(given.status, 200, String(given.body))
  const made = { username: older, userpassword: 'of somebody else' }
  assert.equal((await admin('POST', '/users?_action=create', made)).status, 201)
  return { p, sub: user.sub, older, code, access_token, refresh_token }
}

async function asked(r: Renamed, action: string, name: string): Promise<unknown> {
  const call = callWith(w, { ...resource5, iplanetdirectorypro: r.p.session.token })
  return bodyOf(await call('POST', `/sessions?_action=${action}`, {}))[name]
}

async function introspected(token: unknown): Promise<unknown> {
  const headers = { authorization: basic() }
  const form = `token=${String(token)}`
  return bodyOf(await w.serve(requestOf('POST', `${base}/introspect`, { headers, form }))).username
}

const tellers: readonly (readonly [what: string, tell: (r: Renamed) => Promise<unknown>])[] = [
  ['validate of a session', (r) => asked(r, 'validate', 'uid')],
  ['getSessionInfo', (r) => asked(r, 'getSessionInfo', 'username')],
  ['refresh of a session', (r) => asked(r, 'refresh', 'uid')],
  [
    'the list of sessions',
    async ({ sub }) => {
      const query = `?_queryFilter=${encodeURIComponent(`username eq "${sub}"`)}`
      const { result } = bodyOf(await admin('GET', `/sessions${query}`, undefined, resource5))
      return (result as { username: string }[])[0]?.username
    },
  ],
  ['introspection of an access token', (r) => introspected(r.access_token)],
  ['introspection of a refresh token', (r) => introspected(r.refresh_token)],
  ['userinfo', async (r) => bodyOf(await withToken(w, '/userinfo', r.access_token)).subname],
  [
    'an access token by refresh',
    async (r) => claimsOf(bodyOf(await refresh(w, r.refresh_token)).access_token).subname,
  ],
  [
    'an ID token by refresh',
    async (r) => claimsOf(bodyOf(await refresh(w, r.refresh_token)).id_token).subname,
  ],
  [
    'an ID token by a code from before',
    async (r) => claimsOf(bodyOf(await redeem(w, r.code)).id_token).subname,
  ],
  [
    'an ID token by the session from before',
    async ({ p }) => claimsOf((await tokensFor(w, { scope: 'openid' }, p)).id_token).subname,
  ],
]

for (const [what, tell] of tellers) {
  test(`OIDC Core §5.7 ${what} has the name of today, where the one before is somebody else's`, async () => {
    const r = await renamed()
    assert.equal(await tell(r), `anna${count}`)
  })
}

test('OIDC Core §3.1.2.3 a step-up asks who got another name for their own password', async () => {
  const { p, older } = await renamed()
  const detour = await p.get(slimUrl(await pushed(w, { acr_values: 'gold' })))
  assert.ok(isConsentPage(await logInAndReturn(p, detour, older, older)))
})
