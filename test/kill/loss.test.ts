import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  administrator,
  ask,
  closed,
  codeOf,
  codeParameters,
  cookieOf,
  json,
  keyParty,
  logIn,
  oauth2,
  open,
  type Party,
  pushParameters,
  refreshParameters,
  setProvider,
  visit,
} from '../party.ts'
import { refusal } from '../start/refused.ts'
import { jsonOf, type Wire } from '../wire.ts'
import { command } from './command.ts'
import { start } from './restart.ts'

const flows = 12

interface Spent {
  readonly party: Party
  readonly proof: ReturnType<Party['proof']>
  readonly request_uri: string
  code: string
  tokens: Record<string, unknown>
}

async function pushWith(w: Wire, party: Party): Promise<Spent> {
  const proof = party.proof()
  const { request_uri } = jsonOf(await ask(w, party, '/par', pushParameters, proof), 201)
  return { party, proof, request_uri: String(request_uri), code: '', tokens: {} }
}

async function spend(w: Wire, spent: Spent, cookie: string): Promise<void> {
  spent.code = codeOf(await visit(w, spent.party, spent.request_uri, cookie)) ?? ''
  const answer = await ask(w, spent.party, '/access_token', codeParameters(spent.code))
  spent.tokens = jsonOf(answer)
}

/** The files of a shelf as they lie there while a server writes them. */
async function copyShelf(from: string, to: string, shelf: string): Promise<void> {
  for (const name of [`${shelf}.db`, `${shelf}.db-wal`])
    await copyFile(join(from, name), join(to, name))
}

async function isValid(w: Wire, token: string): Promise<unknown> {
  const headers = { iplanetdirectorypro: token, 'accept-api-version': 'resource=4.0' }
  return jsonOf(await w.call('POST', `${json}/sessions?_action=validate`, { headers })).valid
}

/** Everything that was issued before is refused, whoever brings it. */
async function assertVoid(w: Wire, spent: Spent, cookie: string): Promise<void> {
  const { party, proof, request_uri, code, tokens } = spent
  assert.equal(codeOf(await visit(w, party, request_uri, cookie)), undefined)
  for (const parameters of [
    codeParameters(code),
    refreshParameters(String(tokens.refresh_token)),
  ]) {
    const answer = await ask(w, closed, '/access_token', parameters)
    assert.match(`${answer.status} ${answer.text}`, /^400 .*"invalid_grant"/)
  }
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  assert.equal((await w.call('GET', `${oauth2}/userinfo`, { headers })).status, 401)
  if (party === open) return
  const again = await ask(w, party, '/par', pushParameters, proof)
  assert.match(again.text, /"invalid_client"/, 'an assertion made before was accepted')
}

test('house: a server that lost acknowledged commits refuses to start; after the command nothing issued before counts', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'parapet-loss-'))
  const before = await mkdtemp(join(tmpdir(), 'parapet-before-'))
  t.after(() => Promise.all([data, before].map((path) => rm(path, { recursive: true }))))
  const { server, w } = await start(data)
  const administer = await administrator(w)
  await setProvider(administer, 'advancedOAuth2Config', 'parRequestUriLifetime', 599)
  await setProvider(administer, 'coreOAuth2Config', 'codeLifetime', 600)
  const keyed = await keyParty(w, administer)
  const token = await logIn(w)
  const cookie = cookieOf(token)
  const all: Spent[] = []
  for (let i = 0; i < flows; i += 1) all.push(await pushWith(w, i % 2 === 0 ? open : keyed))
  await copyShelf(data, before, 'records')
  for (const each of all) await spend(w, each, cookie)
  assert.equal(await isValid(w, token), true)
  await server.kill()
  w.close()

  await copyShelf(before, data, 'records')
  const said = await refusal({ demo: true, data })
  assert.match(said, /records\.db is not as it was left: it holds \d+ commits, and \d+ were ack/)
  assert.match(said, /accept what is there with `parapet accept-store` \(docs\/guide\/stores\.md\)/)
  const { status, out, err } = await command(data, 'accept-store')
  assert.equal(status, 0, err)
  assert.match(out, /"store\.accepted"/)
  assert.match(err, /Whatever had been issued is void/)
  assert.ok((await readdir(data)).some((name) => /^records-set-aside-\d+\.db$/.test(name)))

  const again = await start(data)
  t.after(() => again.server.stop())
  t.after(() => again.w.close())
  for (const each of all) await assertVoid(again.w, each, cookie)
  assert.equal(await isValid(again.w, token), false)
  // What is new goes its way.
  const fresh = await pushWith(again.w, open)
  await spend(again.w, fresh, cookieOf(await logIn(again.w)))
  assert.ok(fresh.tokens.refresh_token)
  const busy = await command(data, 'accept-store')
  assert.equal(busy.status, 1)
  assert.match(busy.err, /is open in a server: stop all that run on this store first/)
})
