import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { logLines } from '../../src/server/observe/log-lines.ts'
import { readServerSettings } from '../../src/server/settings.ts'
import { start } from '../../src/start.ts'
import { withEvents } from '../events.ts'
import type { Place } from '../secret-search.ts'
import { searchFor } from '../secret-search.ts'
import { wire } from '../wire.ts'
import { wireBrowser } from './secret-browser.ts'
import { collecting } from './secret-collector.ts'
import type { Watched } from './secret-flows.ts'
import { clientsAlone, program, refusals, wholeWay } from './secret-flows.ts'
import { drawn, keepUnserved, partiesOf, token } from './secret-parties.ts'

const data = mkdtempSync(join(tmpdir(), 'parapet-secrets-'))
after(() => rmSync(data, { recursive: true }))

/** Every file of the data directory as it is now. */
function filesNow(when: string): Place[] {
  return readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ name, parentPath }) => ({
      name: `${name} ${when}`,
      bytes: readFileSync(join(parentPath, name)),
    }))
}

const key = token()
const adminPassword = drawn()
const { settings, problems } = readServerSettings({
  ...{ PORT: '0', PARAPET_DATA: data, PARAPET_KEY: key, PARAPET_ADMIN_PASSWORD: adminPassword },
  ...{ PARAPET_AUDIT_LOG: join(data, 'audit.log'), PARAPET_HISTORY: 'on' },
  ...{ PARAPET_METRICS: '/metrics', PARAPET_LOG_LEVEL: 'debug' },
})
assert.ok(settings, problems.join('\n'))

/** The log as it is written in one of its formats. */
function logIn(format: 'json' | 'pretty'): { end(): Promise<void>; place(): Place } {
  let text = ''
  const write = (line: string): void => {
    text += line
  }
  const end = logLines({ level: 'debug', format }, { write, written: async () => undefined })
  return { end, place: () => ({ name: `log, ${format}`, bytes: Buffer.from(text) }) }
}

/** Nobody has to be kept from guessing what is drawn here. */
const hashCost = { memoryCost: 8, timeCost: 1 }

/** What is left of a server, and what it was given and gave. */
interface Left {
  readonly secrets: ReadonlyMap<string, string>
  readonly places: readonly Place[]
  /** Ids that stand in clear where they must, so that somebody can look for them. */
  readonly ids: { readonly program: string; readonly user: string }
}

/** Everything that is done with secrets, against a server that runs. */
async function doneWith(w: Watched): Promise<Left['ids']> {
  for (const [name, value] of Object.entries({ key, adminPassword })) w.add(name, value)
  const parties = await partiesOf(w, adminPassword)
  // Its secret is kept as that of the others is not, which a call of its own shows well enough.
  const clients = parties.clients.filter(({ id }) => id !== 'by-mac')
  for (const client of clients) await wholeWay(w, wireBrowser(w), client, parties)
  await clientsAlone(w, parties)
  await program(w, parties)
  await keepUnserved(w, parties)
  await refusals(w, parties)
  return { program: parties.account.id, user: parties.sub }
}

/** Runs a server and all of that; gives all that is left of it. */
async function everything(): Promise<Left> {
  const logs = [logIn('json'), logIn('pretty')]
  const { value, events } = await withEvents(async () => {
    const running = await start(settings ?? assert.fail(), 'none', { hashCost })
    const w = collecting(wire(Number(new URL(running.origin).port), running.origin))
    try {
      const ids = await doneWith(w)
      const metrics = Buffer.from((await w.call('GET', '/metrics')).text)
      const places = [{ name: 'metrics', bytes: metrics }, ...filesNow('while it runs')]
      return { secrets: w.secrets, ids, places }
    } finally {
      w.close()
      await running.stop()
    }
  })
  for (const { end } of logs) await end()
  const told = Buffer.from(events.map((each) => JSON.stringify(each)).join('\n'))
  const places = [...value.places, ...filesNow('in the end'), ...logs.map(({ place }) => place())]
  return { ...value, places: [...places, { name: 'events before they are masked', bytes: told }] }
}

/** Names of what was collected that no change of the flows may lose. */
const kinds = [
  ...['key', 'adminPassword', 'password', 'userpassword', 'client_secret', 'authorization Basic'],
  ...['authorization Bearer', 'x-openam-password', 'IDToken2', 'code', 'code_verifier', 'state'],
  ...[
    'nonce',
    'login_hint',
    'request_uri',
    'request',
    'client_assertion',
    'assertion',
    'page csrf',
  ],
  ...['access_token', 'refresh_token', 'id_token', 'claim jti', 'iplanetdirectorypro', 'authId'],
  ...['set-cookie parapet-login', 'apiKey', 'name tried', 'path', 'token'],
]

test('S-4, P-1, C-33, C-39 no secret that is used or issued stands in the data directory, the log, the audit log, the metrics or an event, however it is written', async () => {
  const { secrets, places, ids } = await everything()
  const collected = new Set(secrets.values())
  assert.deepEqual(
    kinds.filter((name) => !collected.has(name)),
    [],
  )
  assert.deepEqual(searchFor(secrets)(places), [])

  // What may stand there is found, so there was something to be found in each of them.
  const known = searchFor(
    new Map([
      [ids.program, 'program'],
      [ids.user, 'user'],
      ['parapet_requests_total', 'metric'],
    ]),
  )
  const found = new Map(places.map((place) => [place.name, known([place]).length]))
  const empty = [...found].flatMap(([name, count]) => (count === 0 ? [name] : []))
  // An index of a file that is searched as well, the marks of the stores, and what is in the log before them yet.
  const others = /^(?:records|settings)\.(?:db-shm|mark|db while it runs)/
  assert.deepEqual(
    empty.filter((name) => !others.test(name)),
    [],
  )
  const log = places.find(({ name }) => name === 'log, json')?.bytes
  assert.ok(log?.includes('"level":"debug"'))
})

const planted = drawn()
const jwt = `${token()}.${Buffer.from(`{"sub":"x","jti":"${token()}"}`).toString('base64url')}.x`
const each = (text: string, before: string): string =>
  [...text]
    .map(
      (c) =>
        before +
        c
          .charCodeAt(0)
          .toString(16)
          .padStart(before === '\\u' ? 4 : 2, '0'),
    )
    .join('')

/** What somebody may have made of a secret before it was written down. */
const made: readonly (readonly [what: string, secret: string, written: string | Buffer])[] = [
  ['as it is', planted, planted],
  ['its beginning', planted, planted.slice(0, 16)],
  ['its end', planted, planted.slice(-16)],
  ['in a query', planted, encodeURIComponent(planted)],
  ['in a form', planted, String(new URLSearchParams({ x: `a ${planted}` }))],
  ['in JSON', planted, JSON.stringify({ x: planted })],
  ['in JSON in JSON', planted, JSON.stringify(JSON.stringify({ x: planted }))],
  ['in escaped characters', planted, each(planted, '\\u')],
  ['in escaped bytes', planted, each(planted, '%')],
  ['in HTML', planted, planted.replace('"', '&quot;').replace('&+', '&amp;+')],
  ['in base64', planted, Buffer.from(planted).toString('base64')],
  ['in base64 behind one byte', planted, Buffer.from(`x${planted}`).toString('base64')],
  ['in base64url behind two bytes', planted, Buffer.from(`id:${planted}`).toString('base64url')],
  ['in hex', planted, Buffer.from(planted).toString('hex')],
  ['in upper case hex', planted, Buffer.from(planted).toString('hex').toUpperCase()],
  ['in UTF-16', planted, Buffer.from(planted, 'utf16le')],
  ['in the other UTF-16', planted, Buffer.from(planted, 'utf16le').swap16()],
  ['the bytes of a handle', key, Buffer.from(key, 'base64url')],
  ['the bytes of a handle in hex', key, Buffer.from(key, 'base64url').toString('hex')],
  ['the payload of a JWT', jwt, jwt.split('.')[1] ?? ''],
  ['the payload of a JWT, read', jwt, Buffer.from(jwt.split('.')[1] ?? '', 'base64url')],
]

test('house: the search finds a secret however it was written down, and nothing where there is none', () => {
  const around = randomBytes(5000)
  for (const [what, secret, written] of made) {
    const search = searchFor(new Map([[secret, 'planted']]))
    const bytes = Buffer.concat([around, Buffer.from(written), around])
    assert.notDeepEqual(search([{ name: 'a copy', bytes }]), [], what)
    assert.deepEqual(search([{ name: 'a copy', bytes: around }]), [], what)
  }
})
