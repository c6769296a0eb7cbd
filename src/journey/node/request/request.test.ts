import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../../test/events.ts'
import { nodeIn } from '../../../../test/one-node.ts'
import { oneMore, people, request } from '../../../../test/people.ts'
import { keep, tree, withTrees } from '../../../../test/trees.ts'
import type { JsonObject } from '../../../base/json.ts'
import { nodesFolder } from '../../../realm/journey/list.ts'
import { realmKey } from '../../../realm/realm.ts'
import { createSession } from '../../../session/session.ts'
import { never } from '../../../store/store.ts'
import { changeEndUser } from '../../../user/end-user.ts'
import type { BuiltIn } from '../../built-in/journey.ts'
import { success } from '../../built-in/journey.ts'
import { sealProof } from '../../cookie/proof.ts'
import { NodeError } from '../../journey.ts'
import { canBegin } from '../../unserved.ts'

const all = await people()
const { alpha, root, demo, admin, clock } = all
const http = (headers: Readonly<Record<string, string>>, query = '') => ({
  visit: { http: request('POST', `/authenticate?${query}`, headers) },
})

test('PingAM: Zero Page Login takes either header once, in any coding, from where it is allowed', async () => {
  const node = nodeIn(alpha, 'ZeroPageLoginNode')
  const word = `=?UTF-8?B?${Buffer.from('jürgen').toString('base64')}?=`
  const taken = await node.turn(http({ 'x-openam-username': word, 'x-openam-password': 'pw' }))
  assert.deepEqual(
    [taken.kind === 'outcome' && taken.outcome, taken.state.shared, taken.state.transient],
    ['true', { username: 'jürgen' }, { password: 'pw' }],
  )
  assert.equal(await node.outcome(http({ 'x-openam-username': 'demo' })), 'true')
  assert.equal(await node.outcome(http({})), 'false')
  assert.equal(await node.outcome(), 'false')
  const twice = request('POST', '/authenticate', { 'x-openam-username': 'a, b' }, '', {
    rawHeaders: ['X-OpenAM-Username', 'a', 'X-OpenAM-Username', 'b'],
  })
  assert.equal(await node.outcome({ visit: { http: twice } }), 'false')
  const referrerWhiteList = ['https://ok.example/']
  const from = nodeIn(alpha, 'ZeroPageLoginNode', { allowWithoutReferer: false, referrerWhiteList })
  const name = { 'x-openam-username': 'demo' }
  assert.equal(await from.outcome(http(name)), 'false')
  assert.equal(await from.outcome(http({ ...name, referer: 'https://no.example/' })), 'false')
  assert.equal(await from.outcome(http({ ...name, referer: 'https://ok.example/' })), 'true')
})

test('PingAM: parameters and headers are kept as lists, split where it is so set, empty where there are none', async () => {
  const parameters = nodeIn(alpha, 'QueryParameterNode', {
    allowedQueryParameters: { a: 'first', b: 'second', c: 'third' },
    queryParametersToBeDelimited: ['b'],
  })
  const { state } = await parameters.turn(http({}, 'a=1,2&a=3&b=1,2&d=4'))
  assert.deepEqual(state.shared, { first: ['1,2', '3'], second: ['1', '2'], third: [] })
  const headers = nodeIn(alpha, 'RequestHeaderNode', {
    allowedHeaders: { 'X-Region': 'region', 'X-None': 'none' },
    headersToBeDelimited: ['X-Region'],
  })
  const kept = await headers.turn(http({ 'x-region': 'eu,us' }))
  assert.deepEqual(kept.state.shared, { region: ['eu', 'us'], none: [] })
})

test('PingAM: Request Header keeps nothing that opens a session or proves somebody', async () => {
  const allowedHeaders = {
    Cookie: 'c',
    Authorization: 'a',
    iPlanetDirectoryPro: 'i',
    'x-other': 'o',
  }
  const node = nodeIn(alpha, 'RequestHeaderNode', { allowedHeaders })
  const { token } = await createSession(root, admin, 'Login')
  const { state } = await node.turn(
    http({
      ...{ cookie: `iPlanetDirectoryPro=x; root=${token}; a=b`, authorization: 'Basic x' },
      ...{ iplanetdirectorypro: 'x', 'x-other': token },
    }),
  )
  assert.deepEqual(state.shared, { c: ['a=b'], a: [], i: [], o: [] })
  const query = nodeIn(alpha, 'QueryParameterNode', { allowedQueryParameters: { a: 'a', b: 'b' } })
  const kept = await query.turn(http({}, `a=${token}&b=1`))
  assert.deepEqual(kept.state.shared, { a: [], b: ['1'] })
})

test('PingAM: State Metadata shows what is shared, nothing secret, and passes once it was seen', async () => {
  const node = nodeIn(alpha, 'MetadataNode', { attributes: ['region', 'password', 'none'] })
  const found = { shared: { region: 'eu' }, transient: { password: 'x' } }
  assert.equal(
    await node.asks(found),
    '[{"type":"MetadataCallback","output":[{"name":"data","value":{"region":"eu"}}]}]',
  )
  assert.equal(await node.outcome({ ...found, answers: [[]] }), 'outcome')
})

test('PingAM: Cookie Presence Decision', async () => {
  const node = nodeIn(alpha, 'CookiePresenceDecisionNode', { cookieName: 'seen' })
  assert.equal(await node.outcome(http({ cookie: 'a=b; seen=1' })), 'true')
  assert.equal(await node.outcome(http({ cookie: 'unseen=1' })), 'false')
  assert.equal(await node.outcome(), 'false')
})

/** A cookie as the end of a journey would have set it, of the settings given. */
async function issued(settings: JsonObject, user = demo, realm = alpha): Promise<string> {
  const { state } = await nodeIn(realm, 'SetPersistentCookieNode', settings).turn()
  const [cookie] = state.atEnd.cookies ?? []
  assert.ok(cookie?.proof !== undefined)
  const { name, proof } = cookie
  const sealed = sealProof(realm, { name, ...proof }, user, { ...proof, peer: '127.0.0.1' })
  return `${name}=${sealed}`
}

test('PingAM: Persistent Cookie Decision knows whose cookie it is, and has it last on', async () => {
  const node = nodeIn(alpha, 'PersistentCookieDecisionNode')
  const cookie = await issued({ maxLife: 10 })
  clock.now += 3600
  const known = await node.turn(http({ cookie }))
  assert.ok(known.kind === 'outcome')
  assert.deepEqual(
    [known.outcome, known.state.user, known.state.shared.username, known.state.methods],
    ['true', { sub: demo.sub, epoch: 0 }, 'demo', ['PersistentCookie']],
  )
  const [next] = known.state.atEnd.cookies ?? []
  assert.deepEqual([next?.name, next?.maxAge], ['session-jwt', 9 * 3600])
  clock.now -= 3600
})

test('PingAM: a persistent cookie is none in another realm, of another key or name, changed, twice, too old, or unused too long', async () => {
  const node = nodeIn(alpha, 'PersistentCookieDecisionNode', { idleTimeout: 2 })
  const cookie = await issued({ maxLife: 3, idleTimeout: 2 })
  const [name, value = ''] = cookie.split('=')
  const middle = value.length / 2
  const other = value[middle] === 'A' ? 'B' : 'A'
  const wrong: readonly (readonly [why: string, cookie: string])[] = [
    ['changed', `${name}=${value.slice(0, middle)}${other}${value.slice(middle + 1)}`],
    ['short', `${name}=abc`],
    ['empty', `${name}=`],
    ['twice', `${cookie}; ${cookie}`],
    ['another name', `other=${value}`],
    ['another key', await issued({ hmacSigningKey: 'c2VjcmV0' })],
    ['another realm', await issued({}, demo, root)],
    ['another name’s', (await issued({ persistentCookieName: 'x' })).replace('x=', 'session-jwt=')],
  ]
  for (const [why, each] of wrong)
    assert.equal(await node.outcome(http({ cookie: each })), 'false', why)
  assert.equal(await node.outcome(http({ cookie })), 'true')
  clock.now += 2 * 3600
  assert.equal(await node.outcome(http({ cookie })), 'false')
  clock.now += 3600
  const long = await issued({ maxLife: 1, idleTimeout: 100 })
  clock.now += 3600
  assert.equal(await node.outcome(http({ cookie: long })), 'false')
  clock.now -= 4 * 3600
})

test('PingAM: a persistent cookie may be bound to an address, and ends with what ends sessions', async () => {
  const user = await oneMore(all)
  const cookie = await issued({}, user)
  const node = nodeIn(alpha, 'PersistentCookieDecisionNode', { enforceClientIp: true })
  const from = (peer: string) => ({ visit: { ...http({ cookie }).visit, peer } })
  assert.equal(await node.outcome(from('127.0.0.1')), 'true')
  assert.equal(await node.outcome(from('127.0.0.2')), 'false')
  await changeEndUser(alpha, user.sub, { password: '' })
  assert.equal(await node.outcome(from('127.0.0.1')), 'false')
})

test('PingAM: Set Custom Cookie has a cookie set at the end, never one that means something here', async () => {
  const settings = { name: 'lang', value: 'de', maxAge: 60, useSecureCookie: true, path: '/app' }
  const { state } = await nodeIn(alpha, 'SetCustomCookieNode', settings).turn()
  assert.deepEqual(state.atEnd.cookies, [
    {
      ...{ name: 'lang', value: 'de', secure: true, httpOnly: false, sameSite: 'LAX' },
      ...{ maxAge: 60, path: '/app' },
    },
  ])
  const longest = { ...settings, value: 'v'.repeat(4092), path: `/${'p'.repeat(1023)}` }
  assert.equal((await nodeIn(alpha, 'SetCustomCookieNode', longest).turn()).kind, 'outcome')
  for (const wrong of [
    { name: alpha.provider.cookieName },
    { name: 'amlbcookie' },
    { name: '__Host-parapet-device' },
    { name: 'a=b' },
    { value: 'a; HttpOnly' },
    { value: 'a\r\nset-cookie: b' },
    { path: '/; Domain=example.com' },
    { domain: 'example.com;' },
    // RFC 6265bis §5.6: browsers pass over what is longer.
    { value: 'v'.repeat(4093) },
    { path: `/${'p'.repeat(1024)}` },
    { domain: 'd'.repeat(1025) },
  ]) {
    const node = nodeIn(alpha, 'SetCustomCookieNode', { ...settings, ...wrong })
    await assert.rejects(node.turn(), NodeError, JSON.stringify(wrong))
  }
})

test('a journey whose nodes would set a cookie of this server or of another realm is neither enabled nor begun', async () => {
  const other = {
    path: '/beta',
    aliases: [],
    document: { parapetConfig: { cookieName: 'betaSession' } },
  }
  await alpha.settings.insert(realmKey('/beta'), Buffer.from(JSON.stringify(other)), never)
  const remembers = { persistentCookieName: 'betaRemembers' }
  await keep({ ...alpha, path: '/beta' }, `${nodesFolder}/SetPersistentCookieNode/x`, remembers)
  const custom = (name: string) => setting('SetCustomCookieNode', { name, value: 'v' })
  const persistent = (name: string) =>
    setting('SetPersistentCookieNode', { persistentCookieName: name })
  const taken = [
    'betaSession',
    'BETASESSION',
    'iPlanetDirectoryPro',
    'parapet-device',
    'amlbcookie',
  ]
  const journeys: Readonly<Record<string, readonly [journey: BuiltIn, begins: boolean]>> = {
    ...Object.fromEntries(taken.map((name) => [`C${name}`, [custom(name), false]])),
    ...Object.fromEntries(taken.map((name) => [`P${name}`, [persistent(name), false]])),
    Remembers: [custom('betaRemembers'), false],
    // What lets somebody in unasked is sealed by its own realm, and called the same in most.
    Same: [persistent('betaRemembers'), true],
    Own: [custom('mine'), true],
    Inner: [
      tree({ run: { type: 'InnerTreeEvaluatorNode', settings: { tree: 'Remembers' }, to: {} } }),
      false,
    ],
  }
  const trees = Object.entries(journeys).map(([name, [journey]]) => [name, journey] as const)
  const realm = await withTrees(alpha, Object.fromEntries(trees))
  for (const [name, [, begins]] of Object.entries(journeys)) {
    const { value, events } = await withEvents(() => canBegin(realm, name))
    assert.equal(value, begins, name)
    const why = events.find((each) => each.name === 'journey.not_started')?.fields.reason
    if (!begins)
      assert.match(String(why), /sets cookies that are this server’s own or another realm’s/)
  }
})

let settings = 0

function setting(type: string, values: JsonObject): BuiltIn {
  settings += 1
  return tree({ [`set${settings}`]: { type, settings: values, to: { outcome: success } } })
}
