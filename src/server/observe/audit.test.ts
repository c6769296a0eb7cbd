import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { eventCalls } from '../../../scripts/reference/events.ts'
import { caller } from '../../../test/administrator.ts'
import type { AuditLine } from '../../../test/audit-lines.ts'
import { auditLinesOf } from '../../../test/audit-lines.ts'
import { codeFor, person, tokenRequest } from '../../../test/flow.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  origin,
  push,
  pushForm,
  requestOf,
  verifier,
  world,
} from '../../../test/world.ts'
import { startAudit } from './audit.ts'
import { auditedEvents } from './audited-events.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-audit-'))
after(() => rmSync(folder, { recursive: true }))
const w = await world()

/** What the audit log says of what is done meanwhile. */
async function audited(work: () => Promise<unknown>): Promise<AuditLine[]> {
  const path = join(mkdtempSync(join(folder, 'a')), 'audit.log')
  const audit = startAudit({ auditLog: path, auditStrict: 'off' })
  await work()
  await audit.end()
  assert.equal(statSync(path).mode & 0o777, 0o600)
  return auditLinesOf(path)
}

const json = `${origin}/am/json/realms/root/realms/alpha`
const logIn = (password: string, more = '') =>
  w.serve(
    requestOf('POST', `${json}/authenticate${more}`, {
      headers: {
        'accept-api-version': 'resource=2.1',
        'x-openam-username': 'demo',
        'x-openam-password': password,
      },
    }),
  )
const post = (path: string, form: Record<string, string>) =>
  w.serve(requestOf('POST', `${base}${path}`, { form, headers: { authorization: basic() } }))

async function tokens(): Promise<Record<string, string>> {
  const code = await codeFor(w, {}, await person(w))
  const redirect_uri = callback
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  return bodyOf(await tokenRequest(w, form)) as Record<string, string>
}

const { sub } = w.demo
const client = 'myClient'

/** The lines of `tokens`. */
const issuedOnce: unknown[][] = [
  ['session.started', 'success', undefined, sub],
  ['par.stored', 'success', client, undefined],
  ['authorization.issued', 'success', client, sub],
  ['consent.given', 'success', client, sub],
  ['code.redeemed', 'success', client, sub],
]

/** What is done, and the lines it must have: event, outcome, client, user. */
const table: readonly [what: string, work: () => Promise<unknown>, lines: unknown[][]][] = [
  ['a push', () => push(w, pushForm()), [['par.stored', 'success', client, undefined]]],
  [
    'a push that is refused',
    () => push(w, pushForm({ scope: 'nothing' })),
    [['par.refused', 'failure', client, undefined]],
  ],
  [
    'a visit that is refused by a page',
    () => w.serve(requestOf('GET', `${base}/authorize?client_id=myClient`)),
    [['visit.refused', 'failure', client, undefined]],
  ],
  [
    'a login',
    () => logIn('Ch4ng31t'),
    [
      ['login.succeeded', 'success', undefined, sub],
      ['session.started', 'success', undefined, sub],
    ],
  ],
  [
    'a login that leaves no session',
    () => logIn('Ch4ng31t', '?noSession=true'),
    [['login.succeeded', 'success', undefined, sub]],
  ],
  [
    'a login that fails',
    () => logIn('Ch4ng31t wrong'),
    [
      ['login.wrong', 'failure', undefined, sub],
      ['login.failed', 'failure', undefined, undefined],
    ],
  ],
  ['a consent, a code and its tokens', tokens, issuedOnce],
  [
    'a client for itself',
    () => post('/access_token', { grant_type: 'client_credentials', scope: 'write' }),
    [['token.issued', 'success', client, client]],
  ],
  [
    'a refresh token and an access token that a client gives back',
    async () => {
      const [one, two] = [await tokens(), await tokens()]
      await post('/token/revoke', { token: String(one.refresh_token) })
      await post('/token/revoke', { token: String(two.access_token) })
    },
    [
      ...issuedOnce,
      ...issuedOnce,
      ['grant.revoked', 'success', client, sub],
      ['token.revoked', 'success', client, sub],
    ],
  ],
  [
    'a client that proves nothing',
    () =>
      w.serve(
        requestOf('POST', `${base}/introspect`, {
          form: { token: 'x' },
          headers: { authorization: basic(client, 'wrong') },
        }),
      ),
    [['client.refused', 'failure', client, undefined]],
  ],
]

for (const [what, work, lines] of table) {
  test(`house: the audit log has a line of everything an auditor asks for: ${what}`, async () => {
    const found = await audited(work)
    assert.deepEqual(
      found.map((line) => [line.event, line.outcome, line.client, line.user]),
      lines,
    )
    for (const { realm, time } of found) {
      assert.equal(realm, '/alpha')
      assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    }
    const asked = found.filter(({ request }) => request !== undefined)
    for (const { source } of asked) assert.equal(source, '127.0.0.1')
  })
}

test('P-1 the audit log has no secret: not of what is issued, nor of what was tried', async () => {
  let issued: Record<string, string> = {}
  const lines = await audited(async () => {
    issued = await tokens()
    await post('/access_token', { grant_type: 'refresh_token', ...issued })
    await post('/token/revoke', { token: issued.refresh_token ?? '' })
    await logIn('a wrong password of seven words')
  })
  const text = JSON.stringify(lines)
  for (const name of ['refresh.redeemed', 'grant.revoked', 'login.wrong'])
    assert.ok(text.includes(name))
  const { access_token = '', refresh_token = '' } = issued
  const words = [access_token, refresh_token, verifier, 'a wrong password', 'Ch4ng31t', '"demo"']
  for (const word of words) assert.ok(word !== '' && !text.includes(word), word)
})

test('house: a change is in the audit log with who made it, what it was, and for which request', async () => {
  const { call, session } = await caller(w, '/', ['admin'])
  const url = '/realm-config/agents/OAuth2Client/audited'
  const [line, ...more] = await audited(() =>
    call(
      'PUT',
      url,
      { coreOAuth2ClientConfig: { userpassword: 'a secret for a client' } },
      { 'x-request-id': 'call-7' },
    ),
  )
  assert.deepEqual(more, [])
  assert.deepEqual(line, {
    time: line?.time,
    request: 'call-7',
    event: 'client.saved',
    outcome: 'success',
    realm: '/alpha',
    client: 'audited',
    user: session.sub,
    by: session.username,
    source: '127.0.0.1',
    details: { created: true, changes: { 'coreOAuth2ClientConfig.userpassword': '[masked]' } },
  })
})

test('C-19 a host name that goes to another realm is in the audit log as what happened to the one that had it', async () => {
  const { call, session } = await caller(w, '/', ['admin'])
  const give = (path: string, aliases: readonly string[]) => {
    const url = `${origin}/am/json/realms/root/global-config/realms`
    return call('PUT', `${url}/${Buffer.from(path).toString('base64url')}`, { aliases })
  }
  await give('/alpha', ['one.example', 'two.example'])
  const lines = await audited(() => give('/bravo', ['ONE.example']))
  assert.deepEqual(
    lines.map(({ event, realm, by, details }) => [event, realm, by, Object(details).aliases]),
    [
      ['realm.aliases.moved', '/alpha', session.username, 'one.example'],
      ['realm.saved', '/bravo', session.username, undefined],
    ],
  )
})

test('house: every event that says who asked is audited, and every audited one is told somewhere', () => {
  const calls = eventCalls()
  const names = new Set(calls.map(({ name }) => name))
  const known = new Set(Object.entries(auditedEvents).flatMap(([name, { of = [name] }]) => of))
  assert.deepEqual(
    [...known].filter((name) => !names.has(name)),
    [],
  )
  const fields = calls.flatMap((call) => call.fields)
  assert.deepEqual(
    fields.filter((field) => !/^\w+$/.test(field)),
    [],
    'a field that the pages of events and of the audit log cannot name',
  )
  const changes = calls.filter(({ fields }) => fields.includes('by')).map(({ name }) => name)
  assert.ok(changes.length > 12)
  assert.deepEqual(
    changes.filter((name) => !known.has(name)),
    [],
  )
})
