/** What clients, people, administrators and programs do with secrets, well and badly, over the wire. */
import assert from 'node:assert/strict'
import { jwtBearerGrant } from '../../src/protocol/grant-type.ts'
import { ask, codeOf, json, oauth2 } from '../party.ts'
import { exchange } from '../raw.ts'
import type { Answer, Wire } from '../wire.ts'
import { jsonOf } from '../wire.ts'
import { basic, callback } from '../world.ts'
import type { WireBrowser } from './secret-browser.ts'
import type { Collected } from './secret-collector.ts'
import type { Client, Parties } from './secret-parties.ts'
import { assertionOf, challengeFor, drawn, objectOf, token, versions } from './secret-parties.ts'

export type Watched = Wire & Collected

type Form = Readonly<Record<string, string>>

const partyOf = ({ id, proof }: Client) => ({ client_id: id, proof })

/** A client's call of an endpoint of alpha. */
const asked = (w: Wire, client: Client, path: string, form: Form): Promise<Answer> =>
  ask(w, partyOf(client), path, form)

function requestOf(verifier: string): Form {
  return {
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid profile write',
    code_challenge: challengeFor(verifier),
    code_challenge_method: 'S256',
    state: drawn(),
    nonce: drawn(),
    login_hint: `${drawn()}@people.example`,
  }
}

const visitOf = (client: Client, more: Form): string =>
  `${oauth2}/authorize?${new URLSearchParams({ client_id: client.id, ...more })}`

/** Logs in where a page asks for it, allows what a page asks for, and gives the code. */
async function codeBy(
  b: WireBrowser,
  url: string,
  [username, password]: Parties['user'],
): Promise<string> {
  let shown = await b.open(url)
  if (shown.text.includes('type="password"')) {
    const failed = await b.send(shown, { IDToken1: username, IDToken2: drawn() })
    shown = await b.send(failed, { IDToken1: username, IDToken2: password })
  }
  if (shown.text.includes('id="consent_form"')) shown = await b.send(shown, { decision: 'allow' })
  return codeOf(shown) ?? assert.fail(`no code: ${shown.status} ${shown.text}`)
}

/** A whole way of a client: push, login, consent, code, tokens and all that is done with them. */
export async function wholeWay(
  w: Watched,
  b: WireBrowser,
  client: Client,
  { user, admin }: Parties,
): Promise<void> {
  const code_verifier = token()
  w.add('code_verifier', code_verifier)
  const request = requestOf(code_verifier)
  for (const [name, value] of Object.entries(request))
    if (/state|nonce|login_hint|challenge$/.test(name)) w.add(name, value)
  const sent =
    client.key === undefined
      ? request
      : {
          request: objectOf(client.key, client.id, w.origin + oauth2, {
            client_id: client.id,
            ...request,
          }),
        }
  const pushed = jsonOf(await asked(w, client, '/par', sent), 201)
  const request_uri = String(pushed.request_uri)
  const code = await codeBy(b, visitOf(client, { request_uri }), user)
  const redeeming = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier,
  }
  const wrong = { ...redeeming, code_verifier: token() }
  assert.equal((await asked(w, client, '/access_token', wrong)).status, 400)
  const first = jsonOf(await asked(w, client, '/access_token', redeeming))
  const refreshing = { grant_type: 'refresh_token', refresh_token: String(first.refresh_token) }
  const second = jsonOf(await asked(w, client, '/access_token', refreshing))
  const access_token = String(second.access_token)
  const bearer = { authorization: `Bearer ${access_token}` }
  jsonOf(await w.call('GET', `${oauth2}/userinfo`, { headers: bearer }))
  jsonOf(await w.call('GET', `${oauth2}/tokeninfo`, { headers: bearer }))
  await w.call('GET', `${oauth2}/tokeninfo?access_token=${access_token}`)
  await asked(w, client, '/introspect', { token: access_token })
  await asked(w, client, '/token/revoke', { token: access_token })
  await asked(w, client, '/access_token', redeeming)
  for (const told of [request_uri, code, access_token, String(second.refresh_token)])
    jsonOf(await explained(w, { token: told }, admin))
  const { id_token } = first
  if (client.id === 'by-nothing')
    await b.open(`${oauth2}/connect/endSession?id_token_hint=${String(id_token)}`)
}

function explained(w: Wire, about: object, headers: Form): Promise<Answer> {
  return w.call('POST', `${json}/parapet?_action=explain`, { headers, json: about })
}

/** Clients for themselves, and whoever asks what became of what never was. */
export async function clientsAlone(w: Watched, { clients, admin }: Parties): Promise<void> {
  const [first] = clients
  for (const client of clients.filter(({ id }) => id !== 'by-nothing')) {
    const form = { grant_type: 'client_credentials', scope: 'write' }
    const { access_token } = jsonOf(await asked(w, client, '/access_token', form))
    jsonOf(await asked(w, client, '/introspect', { token: String(access_token) }))
  }
  const unknown = { token: token() }
  if (first !== undefined) jsonOf(await asked(w, first, '/introspect', unknown))
  assert.equal((await explained(w, unknown, admin)).status, 404)
  const headers = { ...first?.proof().headers, ...versions }
  assert.equal((await explained(w, { request_uri: token() }, headers)).status, 404)
}

/** A program of administrators: its assertion, its token, and what it sets with that. */
export async function program(w: Watched, { account }: Parties): Promise<void> {
  const url = `${w.origin}/am/oauth2/access_token`
  const assertion = assertionOf(account.key, account.id, url)
  const form = { grant_type: jwtBearerGrant, client_id: 'service-account', assertion }
  const scope = 'fr:am:* fr:idm:*'
  const path = '/am/oauth2/access_token'
  const answer = jsonOf(await w.call('POST', path, { form: { ...form, scope } }))
  // Its assertion again, and that of nobody.
  await w.call('POST', path, { form: { ...form, scope } })
  const stranger = assertionOf(account.key, account.id.replace(/^./, 'x'), url)
  await w.call('POST', path, { form: { ...form, scope, assertion: stranger } })
  const headers = { ...versions, authorization: `Bearer ${String(answer.access_token)}` }
  const at = `${json}/realm-config/agents/OAuth2Client/by-basic`
  const document = jsonOf(await w.call('GET', at, { headers }))
  const again = await w.call('PUT', `${at}-too`, {
    headers,
    json: { ...document, coreOAuth2ClientConfig: { userpassword: drawn() } },
  })
  jsonOf(again, 201)
  const users = '/openidm/managed/alpha_user'
  const user = {
    userName: 'emil',
    password: drawn(),
    sn: 'Lee',
    givenName: 'Emil',
    mail: 'e@x.example',
  }
  jsonOf(await w.call('POST', `${users}?_action=create`, { headers, json: user }), 201)
}

/** What is refused: each with secrets in the place for them, or in a wrong one. */
export async function refusals(w: Watched, parties: Parties): Promise<void> {
  const { admin, clients, user } = parties
  const [first] = clients
  const client = first ?? assert.fail()
  const good = requestOf(token())
  const headers = { authorization: basic('by-basic', drawn()) }
  const at = (path: string): string => oauth2 + path
  const bad: readonly (readonly [string, string, Parameters<Wire['call']>[2]])[] = [
    ['POST', at('/par'), { headers, form: good }],
    ['POST', at('/par'), { form: { ...good, client_id: 'by-post', client_secret: drawn() } }],
    [
      'POST',
      at('/par'),
      {
        form: {
          ...good,
          client_id: 'by-key',
          ...client.proof().form,
          client_assertion: token(),
          client_assertion_type: 'x',
        },
      },
    ],
    [
      'POST',
      at('/par'),
      { form: { ...good, request: `${token()}.${token()}.${token()}` }, ...client.proof() },
    ],
    ['POST', at(`/par?client_secret=${token()}`), { form: good }],
    [
      'POST',
      at('/access_token'),
      { ...client.proof(), form: { grant_type: 'authorization_code', code: token() } },
    ],
    [
      'POST',
      at('/access_token'),
      { ...client.proof(), form: { grant_type: 'refresh_token', refresh_token: token() } },
    ],
    [
      'POST',
      at('/access_token'),
      { ...client.proof(), form: { grant_type: 'password', username: user[0], password: drawn() } },
    ],
    ['GET', at('/userinfo'), { headers: { authorization: `Bearer ${token()}` } }],
    ['GET', at(`/userinfo?access_token=${token()}`), {}],
    ['GET', at(`/authorize/${token()}`), {}],
    ['GET', visitOf(client, { request_uri: token() }), {}],
    ['GET', visitOf(client, { ...good, redirect_uri: `https://rp.example/${token()}` }), {}],
    ['GET', visitOf(client, { ...good, response_mode: token() }), {}],
    ['GET', visitOf(client, { ...good, id_token_hint: token(), prompt: 'none' }), {}],
    ['GET', visitOf(client, { ...good, claims: `{"${token()}` }), {}],
    ['GET', at(`/connect/endSession?id_token_hint=${token()}&state=${token()}`), {}],
    [
      'POST',
      `${json}/sessions?_action=getSessionInfo`,
      { headers: admin, json: { tokenId: token() } },
    ],
    [
      'PUT',
      `${json}/realm-config/agents/OAuth2Client/by-post`,
      {
        headers: admin,
        json: { coreOAuth2ClientConfig: { userpassword: { value: drawn(), password: drawn() } } },
      },
    ],
    [
      'POST',
      '/openidm/managed/alpha_user?_action=create',
      { headers: admin, json: { userName: 'f', password: [drawn()], apiKey: drawn() } },
    ],
    ['GET', `${json}/users/${token()}`, { headers: { iplanetdirectorypro: token() } }],
    [
      'POST',
      `${json}/authenticate`,
      {
        headers: { ...versions, 'content-type': 'application/json' },
        json: { authId: token(), callbacks: [{ password: drawn() }] },
      },
    ],
  ]
  for (const [method, path, sent] of bad) {
    ofPath(w, path)
    for (const [name, value] of Object.entries(sent?.form ?? {}))
      if (/state|nonce|hint|challenge$/.test(name)) w.add(name, value)
    const { status } = await w.call(method, path, sent)
    assert.ok(status >= 300 && status !== 500, `${status}: ${method} ${path}`)
  }
  // Bytes that are no request, and one in two minds about its host.
  for (const head of ['BAD', 'Host: a\r\nHost: b']) {
    const lost = token()
    w.add('no request', lost)
    const line = `GET ${at(`/par?client_secret=${lost}`)} HTTP/1.1`
    const bytes = `${line}\r\n${head}\r\nConnection: close\r\nAuthorization: Bearer ${lost}\r\n\r\n`
    assert.match(await exchange(w.port, bytes), /^HTTP\/1.1 4/)
  }
  // A password in the place of the name, by REST.
  const misplaced = token()
  w.add('name tried', misplaced)
  for (const [name, password] of [
    [misplaced, drawn()],
    [user[0], drawn()],
  ] as const) {
    const answer = await w.call('POST', `${json}/authenticate`, {
      headers: {
        ...versions,
        'accept-api-version': 'resource=2.0, protocol=1.0',
        'content-type': 'application/json',
        'x-openam-username': name,
        'x-openam-password': password,
      },
    })
    assert.equal(answer.status, 401)
  }
}

/** The last part of a path, where that is a secret in a wrong place. */
function ofPath(w: Watched, path: string): void {
  const last = /\/([\w-]{43})(?:\?|$)/.exec(path)?.[1]
  if (last !== undefined) w.add('path', last)
}
