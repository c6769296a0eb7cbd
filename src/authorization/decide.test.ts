import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import { profiles } from '../protocol/profile.ts'
import type { Session } from '../session/session.ts'
import type { Decision, Situation } from './decide.ts'
import { decide } from './decide.ts'

const loaMapping = { silver: 'Login', gold: 'Password', lost: 'NoSuchJourney' }
const w = await world({ alpha: { advancedOIDCConfig: { loaMapping } } })
const realm = await w.realm()
const now = w.clock.now

const demo = '7b0c5f4e-0000-4000-8000-000000000001'
const other = '7b0c5f4e-0000-4000-8000-000000000002'

function session(changes: Partial<Session> = {}): Session {
  const there = { sid: 's1', sub: demo, journey: 'Login', auth_time: now - 100, methods: [] }
  return { ...there, ...changes } as unknown as Session
}

type Wanted = Partial<AuthorizationRequest>

function situation(wanted: Wanted, changes: Partial<Situation> = {}): Situation {
  const there = 'session' in changes ? changes.session : session()
  const plain = { prompt: [], acr_values: [], acr_essential: false, scope: ['openid'] }
  return {
    request: { ...plain, ...wanted } as unknown as AuthorizationRequest,
    terms: profiles.ping,
    tree: '',
    live: [],
    session: there,
    subject: there?.sub,
    hinted: wanted.hint_sub === undefined || there === undefined || wanted.hint_sub === there.sub,
    opened: undefined,
    consented: true,
    allowed: false,
    now,
    ...changes,
  }
}

function said(decision: Decision): string {
  if (decision.next === 'login') return `login ${decision.journey ?? ''}`.trim()
  if (decision.next === 'issue') return `issue ${decision.acr ?? ''}`.trim()
  return decision.next === 'refuse' ? decision.code : decision.next
}

const strict = { terms: profiles.strict }
const alone = { session: undefined }
/** Opened ten seconds ago, in the session that is there. */
const opened = { opened: { at: now - 10, sid: 's1' } }
/** Logged in five seconds ago, after it was opened. */
const since = (changes: Partial<Session> = {}): Partial<Situation> => ({
  ...opened,
  session: session({ sid: 's2', auth_time: now - 5, ...changes }),
})
const silver = { acr_values: ['silver'] }
const gold = { acr_values: ['gold'] }
const essential = { acr_essential: true }
const none: Wanted = { prompt: ['none'] }
const login: Wanted = { prompt: ['login'] }

const rows: readonly (readonly [string, Situation, string])[] = [
  ['OIDC-18 a session and consent: issue', situation({}), 'issue'],
  ['OIDC-18 no consent: the page', situation({}, { consented: false }), 'consent'],
  ['OIDC-18 allowed just now', situation({}, { consented: false, allowed: true }), 'issue'],
  ['OIDC-18 nobody is logged in', situation({}, alone), 'login'],
  [
    'PingAM: `service` names the journey',
    situation({ service: 'Password' }, alone),
    'login Password',
  ],
  ['C-18 prompt=none, nobody there (ping)', situation(none, alone), 'interaction_required'],
  [
    'C-18 prompt=none, nobody there (rfc)',
    situation(none, { ...alone, ...strict }),
    'login_required',
  ],
  ['OIDC-7 prompt=none, no consent', situation(none, { consented: false }), 'consent_required'],
  ['OIDC-7 prompt=none, all there', situation(none), 'issue'],
  ['OIDC-10 prompt=consent asks again', situation({ prompt: ['consent'] }), 'consent'],
  [
    'OIDC-10 prompt=consent, allowed',
    situation({ prompt: ['consent'] }, { allowed: true }),
    'issue',
  ],
  ['B-9 prompt=login, session from before', situation(login), 'login'],
  ['B-9 prompt=login, reloaded', situation(login, opened), 'login'],
  [
    'B-9 prompt=login, opened in the very second its session began',
    situation(login, { opened: { at: session().auth_time, sid: 's1' } }),
    'login',
  ],
  ['B-9 prompt=login, after the login', situation(login, since()), 'issue'],
  [
    'B-9 prompt=login, a later session without a login since',
    situation(login, since({ auth_time: now - 11 })),
    'login',
  ],
  ['C-6 live prompt=login adds to what was pushed', situation({}, { live: ['login'] }), 'login'],
  [
    'C-6 live prompt=none beside pushed login',
    situation(login, { live: ['none'] }),
    'interaction_required',
  ],
  [
    'C-6 live prompt=none alone is silent',
    situation({}, { live: ['none'], ...alone }),
    'interaction_required',
  ],
  [
    'B-9 prompt=login, after a persistent cookie alone let them in',
    situation(login, since({ methods: ['PersistentCookie'] })),
    'login',
  ],
  [
    'B-9 prompt=login, after a persistent cookie and a password',
    situation(login, since({ methods: ['PersistentCookie', 'DataStore'] })),
    'issue',
  ],
  [
    'OIDC-11 max_age, a persistent cookie alone let them in',
    situation({ max_age: 1000 }, { session: session({ methods: ['PersistentCookie'] }) }),
    'login',
  ],
  [
    'PingAM: without either a persistent cookie is enough',
    situation({}, { session: session({ methods: ['PersistentCookie'] }) }),
    'issue',
  ],
  ['OIDC-11 max_age not reached', situation({ max_age: 100 }), 'issue'],
  ['OIDC-11 max_age exceeded', situation({ max_age: 99 }), 'login'],
  ['OIDC-11 max_age exceeded, silent', situation({ ...none, max_age: 99 }), 'interaction_required'],
  [
    'C-32 max_age=0, session of this very second',
    situation({ max_age: 0 }, { session: session({ auth_time: now }) }),
    'login',
  ],
  ['C-32 max_age=0, after the login', situation({ max_age: 0 }, since()), 'issue'],
  ['OIDC-12 hint: the same user', situation({ hint_sub: demo }), 'issue'],
  ['OIDC-12 hint: another user may log in', situation({ hint_sub: other }), 'login'],
  ['OIDC-12 hint: another user, silent', situation({ ...none, hint_sub: other }), 'login_required'],
  ['B-9 hint: the wrong one logged in', situation({ hint_sub: other }, since()), 'login_required'],
  [
    'OIDC-15 sub asked by value: another user',
    situation({ claims: { id_token: { sub: { value: other } } } }, since()),
    'login_required',
  ],
  ['PingAM: acr, voluntary, met', situation(silver), 'issue silver'],
  ['PingAM: acr, voluntary, of another journey', situation(gold), 'login Password'],
  ['PingAM: acr, voluntary, not mapped', situation({ acr_values: ['tin'] }), 'issue 0'],
  [
    'PingAM: acr, the first mapped one counts',
    situation({ acr_values: ['tin', 'gold', 'silver'] }),
    'login Password',
  ],
  [
    'PingAM: acr mapped to no journey is not mapped',
    situation({ acr_values: ['lost'] }),
    'issue 0',
  ],
  [
    'T-8 acr named like a built-in',
    situation({ acr_values: ['constructor', '__proto__'] }),
    'issue 0',
  ],
  ['PingAM: acr, essential, met long ago', situation({ ...silver, ...essential }), 'login Login'],
  [
    'B-9 acr, essential, met since',
    situation({ ...silver, ...essential }, since()),
    'issue silver',
  ],
  [
    'OIDC-33 acr, essential, not mapped',
    situation({ acr_values: ['tin'], ...essential }),
    'unmet_authentication_requirements',
  ],
  [
    'PingAM: treeName wins over service',
    situation({ service: 'Login' }, { tree: 'Password', ...alone }),
    'login Password',
  ],
  ['PingAM: treeName skips other mappings', situation(gold, { tree: 'Login' }), 'issue 0'],
  [
    'OIDC-33 acr, essential, beyond treeName',
    situation({ ...gold, ...essential }, { tree: 'Login' }),
    'unmet_authentication_requirements',
  ],
]

for (const [name, given, expected] of rows) {
  test(name, () => assert.equal(said(decide(realm, given)), expected))
}

const prompts = [[], ['none'], ['login'], ['consent'], ['login', 'consent']] as const
const acrs = [
  {},
  silver,
  gold,
  { acr_values: ['tin'] },
  { ...silver, ...essential },
  { ...gold, ...essential },
  { acr_values: ['tin', 'gold'], ...essential },
]
const hints = [{}, { hint_sub: demo }, { hint_sub: other }]
const ages = [{}, { max_age: 0 }, { max_age: 50 }, { max_age: 3600 }]
const sessions = [
  undefined,
  session(),
  session({ journey: 'Password' }),
  session({ sid: 's9', auth_time: now - 5 }),
  session({ sub: other }),
]
const openings = [undefined, { at: now - 10, sid: 's1' }, { at: now - 10, sid: '' }]

/** Every situation there is, as far as it matters. */
function* situations(): Generator<Situation> {
  for (const prompt of prompts)
    for (const acr of acrs)
      for (const hint of hints)
        for (const age of ages)
          for (const there of sessions)
            for (const at of openings)
              for (const consented of [true, false])
                for (const live of [[], ['login'], ['none']] as const)
                  for (const tree of ['', 'Login']) {
                    const wanted = { prompt, ...acr, ...hint, ...age } as Wanted
                    const more = { session: there, opened: at, consented, live, tree }
                    yield situation(wanted, more)
                  }
}

/** The user does what is asked, as the server notes it; gives what was asked on the way. */
function walk(given: Situation, sub: string): string[] {
  const way: string[] = []
  let here = given
  for (let step = 0; step < 5; step++) {
    const next = decide(realm, here)
    way.push(next.next)
    const at = here.opened ?? { at: here.now, sid: here.session?.sid ?? '' }
    if (next.next === 'consent') here = { ...here, opened: at, allowed: true, now: here.now + 30 }
    else if (next.next === 'login') {
      const now = here.now + 30
      const fresh = session({ sid: 'new', sub, journey: next.journey ?? 'Login', auth_time: now })
      here = { ...here, opened: at, session: fresh, now }
    } else break
  }
  return way
}

test('B-9 whoever answers is asked to log in at most once, and then it ends', () => {
  let count = 0
  for (const given of situations()) {
    for (const sub of [demo, other]) {
      const way = walk(given, sub)
      const asked = way.filter((next) => next === 'login').length
      const ends = way.at(-1) === 'issue' || way.at(-1) === 'refuse'
      if (asked > 1 || !ends) assert.fail(`${way.join(' ')}: ${JSON.stringify(given)}`)
      count += 1
    }
  }
  assert.ok(count > 50_000)
})

test('OIDC-7, OIDC-12, B-9 nothing is issued past a prompt, an age, a hint or an acr', () => {
  for (const given of situations()) {
    const next = decide(realm, given)
    const { request, session: there, opened: at, live } = given
    const prompt = new Set([...request.prompt, ...live])
    const why = JSON.stringify(given)
    if (prompt.has('none')) assert.match(next.next, /^(issue|refuse)$/, why)
    if (next.next !== 'issue') continue
    const fresh = at !== undefined && there?.sid !== at.sid && (there?.auth_time ?? 0) >= at.at
    assert.ok(there !== undefined, why)
    assert.ok(!prompt.has('login') || fresh, why)
    assert.ok(request.max_age !== 0 || fresh, why)
    assert.ok(request.max_age !== 50 || fresh || now - there.auth_time <= 50, why)
    assert.ok(request.hint_sub === undefined || request.hint_sub === there.sub, why)
    assert.ok(given.consented && !prompt.has('consent'), why)
    if (request.acr_essential) assert.ok(fresh && (next.acr ?? '0') !== '0', why)
  }
})
