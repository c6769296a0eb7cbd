/** What administrators write through two processes at once, of each kind of document there is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, logIn } from '../party.ts'
import { adminPassword } from '../server.ts'
import { needsPostgres, startPostgres } from '../stores/postgres.ts'
import { needsRedis, startRedis } from '../stores/redis.ts'
import { type Answer, jsonOf } from '../wire.ts'
import { openPair, type Pair, tally } from './pair.ts'

const trees = `${json}/realm-config/authentication/authenticationtrees`
const tree = { entryNodeId: '70e691a5-1e33-4ac3-a356-e7b6d60d92e0', nodes: {} }
const node = '5d0e0c3e-4d2f-4a0f-9a55-0f0f5b0f1c11'

/** A document of each kind that administrators write, and what the one of a number says. */
const documents: Readonly<
  Record<string, readonly [path: string, body: (i: number) => Readonly<Record<string, unknown>>]>
> = {
  client: [
    `${json}/realm-config/agents/OAuth2Client/race`,
    (i) => ({ coreOAuth2ClientConfig: { clientName: [`n${i}`], clientType: 'Public' } }),
  ],
  agent: [
    `${json}/realm-config/agents/RemoteConsentAgent/race`,
    (i) => ({ remoteConsentRedirectUrl: `https://rcs.example/${i}` }),
  ],
  account: [`${json}/users/race`, (i) => ({ givenName: `n${i}` })],
  group: [`${json}/groups/race`, (i) => ({ description: [`n${i}`] })],
  journey: [`${trees}/trees/race`, (i) => ({ ...tree, description: `n${i}` })],
  node: [
    `${trees}/nodes/SetSessionPropertiesNode/${node}`,
    (i) => ({ properties: { at: `n${i}` } }),
  ],
  script: [`${json}/scripts/race`, (i) => ({ name: 'race', script: '', description: `n${i}` })],
  'service that is kept': [`${json}/realm-config/services/email`, (i) => ({ port: i })],
  'secret store': [
    `${json}/realm-config/secrets/stores/FileSystemSecretStore/race`,
    (i) => ({ directory: `/d${i}` }),
  ],
  letter: ['/openidm/config/emailTemplate/race', (i) => ({ subject: { en: `n${i}` } })],
  themes: ['/openidm/config/ui/themerealm', (i) => ({ realm: { alpha: [{ name: `n${i}` }] } })],
}

/** Calls of one kind at once. */
const many = 16

const keyText = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'

/** Two processes on a store that another server keeps, and that server, which ends with them. */
const pairOn =
  (start: () => Promise<{ readonly url: string; close(): Promise<void> }>) =>
  async (): Promise<Pick<Pair, 'a' | 'b' | 'close'>> => {
    const server = await start()
    const pair = await openPair({ PARAPET_STORE: server.url, PARAPET_KEY: keyText })
    return {
      ...pair,
      async close() {
        await pair.close()
        await server.close()
      },
    }
  }

type Call = (
  i: number,
  method: string,
  path: string,
  body?: unknown,
  more?: Readonly<Record<string, string>>,
) => Promise<Answer>

/** Calls of an administrator, those of even numbers to one process, the others to the other. */
async function callsTo({ a, b }: Pick<Pair, 'a' | 'b'>): Promise<Call> {
  const iplanetdirectorypro = await logIn(a, ['amadmin', adminPassword], '/am/json/realms/root')
  const usual = { iplanetdirectorypro, 'accept-api-version': 'protocol=2.1,resource=1.0' }
  return (i, method, path, body, more) =>
    (i % 2 === 0 ? a : b).call(method, path, { headers: { ...usual, ...more }, json: body })
}

/** How often each status was answered to calls that came at once. */
async function atOnce(act: (i: number) => Promise<Answer>) {
  const answers = await Promise.all(Array.from({ length: many }, (_, i) => act(i)))
  return tally(answers.map(({ status }) => String(status)))
}

const allTaken = { 200: many }
const onceMade = { 201: 1, 412: many - 1 }

const places = [
  ['SQLite', false, openPair],
  ['PostgreSQL', needsPostgres().skip, pairOn(startPostgres)],
  ['Redis', needsRedis().skip, pairOn(startRedis)],
] as const

for (const [name, skip, open] of places)
  test(`RFC 9110 §13.1 of one document that two processes make at once one is made, and what they write then is all taken: ${name}`, {
    skip,
  }, async (t) => {
    const pair = await open()
    t.after(() => pair.close())
    const call = await callsTo(pair)
    for (const [kind, [path, body]] of Object.entries(documents))
      await t.test(kind, async () => {
        const none = { 'if-none-match': '*' }
        assert.deepEqual(await atOnce((i) => call(i, 'PUT', path, body(i), none)), onceMade)
        assert.deepEqual(await atOnce((i) => call(i, 'PUT', path, body(many + i))), allTaken)
        const rev = { 'if-match': jsonOf(await call(0, 'GET', path))._rev as string }
        if (rev['if-match'] === undefined) return
        const exact = await atOnce((i) => call(i, 'PUT', path, body(2 * many + i), rev))
        assert.deepEqual(exact, { 200: 1, 412: many - 1 })
      })
    await t.test('members of one account are all patched', async () => {
      const fields = [
        'givenName',
        'sn',
        'cn',
        'telephoneNumber',
        'description',
        'street',
        'l',
        'st',
      ]
      const path = `${json}/users/race`
      const patch = (i: number) =>
        call(i, 'PATCH', path, [
          { operation: 'replace', field: `/${fields[i % fields.length]}`, value: [`p${i}`] },
        ])
      assert.deepEqual(await atOnce(patch), allTaken)
      const after = jsonOf(await call(1, 'GET', path))
      for (const field of fields) assert.match(String(after[field]), /^p\d/, field)
    })
    await t.test('of scripts that get one name one has it', async () => {
      for (const round of ['one', 'two', 'three']) {
        const seen = await atOnce((i) =>
          call(i, 'PUT', `${json}/scripts/${round}-${i}`, { name: round, script: '' }),
        )
        assert.deepEqual(seen, { 201: 1, 409: many - 1 })
      }
    })
    await t.test('a realm is made once', async () => {
      const realms = '/am/json/global-config/realms'
      const realm = { name: 'race', parentPath: '/', active: true, aliases: [] }
      const made = await atOnce((i) => call(i, 'POST', `${realms}?_action=create`, realm))
      assert.deepEqual(made, { 201: 1, 409: many - 1 })
    })
  })
