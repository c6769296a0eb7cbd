/** The way of an authorization in the steps that tests take again and again, against a world in memory. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { encodeForm } from '../src/base/form.ts'
import type { HttpResponse } from '../src/base/http.ts'
import type { Session } from '../src/session/session.ts'
import { createSession } from '../src/session/session.ts'
import { first, insertEndUser } from '../src/user/account/account.ts'
import type { EndUser } from '../src/user/end-user.ts'
import { createEndUser, findEndUser } from '../src/user/end-user.ts'
import type { Browser } from './browser.ts'
import { actionOf, browser, fieldsOf, locationOf } from './browser.ts'
import type { World } from './world.ts'
import { base, basic, bodyOf, callback, pushed, pushForm, requestOf, verifier } from './world.ts'

export type Changes = Readonly<Record<string, string | undefined>>

/** A browser whose user is logged in, without the time a password takes. */
export interface Person extends Browser {
  readonly session: Session
}

export interface PersonOptions {
  readonly user?: EndUser
  readonly journey?: string
  readonly path?: string
  /** A browser that did something before. */
  readonly at?: Browser
}

export async function person(w: World, options: PersonOptions = {}): Promise<Person> {
  const { user = w.demo, journey = 'Login', path = '/alpha', at = browser(w) } = options
  const realm = await w.realm(path)
  const current = (await findEndUser(realm, user.sub)) ?? user
  const session = await createSession(realm, current, journey)
  at.cookies.set('iPlanetDirectoryPro', session.token)
  return { ...at, session }
}

/** One more account of alpha: the given name is the password too. */
export async function account(w: World, username: string): Promise<EndUser> {
  const user = await createEndUser(await w.realm(), { username, password: username })
  assert.ok(user !== undefined)
  return user
}

/** One more account of alpha, without a password and the time it takes to hash one. */
export async function somebody(w: World): Promise<EndUser> {
  const sub = randomUUID()
  const settled = { sub, username: sub.slice(0, 8), password: '', attributes: {}, roles: [] }
  const user: EndUser = { ...first, ...settled, status: 'Active' }
  assert.equal(await insertEndUser(await w.realm(), user), 'won')
  return user
}

/** A URL of the authorization endpoint; undefined parameters are left out. */
export function authorizeUrl(parameters: Changes, realmBase = base): string {
  return `${realmBase}/authorize?${encodeForm(Object.entries(parameters))}`
}

/** Where a browser is sent with a pushed request of myClient. */
export function slimUrl(request_uri: string, more: Changes = {}): string {
  return authorizeUrl({ client_id: 'myClient', request_uri, ...more })
}

/** Fills in the login page a redirect leads to; the answer leads back. */
async function logInAt(
  b: Browser,
  detour: HttpResponse,
  username = 'demo',
  password = 'Ch4ng31t',
): Promise<HttpResponse> {
  assert.equal(locationOf(detour).pathname, '/am/XUI/', 'a login page was expected')
  const page = await b.get(locationOf(detour).href)
  const fields = fieldsOf(page)
  for (const name of Object.keys(fields)) if (/^IDToken/.test(name)) delete fields[name]
  const asksName = String(page.body).includes('type="text"')
  const answers = asksName ? { IDToken1: username, IDToken2: password } : { IDToken1: password }
  return b.post(actionOf(page), { ...fields, ...answers })
}

/** Logs in and goes back to where the login came from. */
export async function logInAndReturn(
  b: Browser,
  detour: HttpResponse,
  username?: string,
  password?: string,
): Promise<HttpResponse> {
  const back = await logInAt(b, detour, username, password)
  assert.equal(back.status, 303, String(back.body))
  return b.get(locationOf(back).href)
}

/** Answers a consent page. */
export function answerConsent(
  b: Browser,
  page: HttpResponse,
  decision: 'allow' | 'deny' = 'allow',
  more: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  return b.post(actionOf(page), { ...fieldsOf(page), decision, ...more })
}

/** Whether an answer is the consent page. */
export function isConsentPage(response: HttpResponse): boolean {
  return response.status === 200 && String(response.body).includes('id="consent_form"')
}

/** Whether an answer sends the browser to the login page. */
export function isLogin(response: HttpResponse): boolean {
  return response.headers.location !== undefined && locationOf(response).pathname === '/am/XUI/'
}

/** PingAM's REST path: a decision with the session token as csrf. */
export function decideByRest(
  p: Person,
  request_uri: string,
  more: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  const form = { client_id: 'myClient', request_uri, csrf: p.session.token, decision: 'allow' }
  return p.post(`${base}/authorize`, { ...form, ...more })
}

/** The parameters of an authorization response by redirect, in order, wherever the URL has them. */
export function answerOf(response: HttpResponse): URLSearchParams {
  const { search, hash } = locationOf(response)
  return new URLSearchParams(hash === '' ? search : hash.slice(1))
}

/** The code of an authorization response; fails when it holds none. */
export function codeOf(response: HttpResponse): string {
  const code = answerOf(response).get('code')
  assert.ok(code !== null, `no code: ${response.status} ${String(response.headers.location)}`)
  return code
}

/** Pushes as myClient and gets a code by REST. */
export async function codeFor(w: World, changes: Changes = {}, p?: Person): Promise<string> {
  const request_uri = await pushed(w, changes)
  return codeOf(await decideByRest(p ?? (await person(w)), request_uri))
}

/** A token request of myClient, or of whoever the Authorization header names. */
export function tokenRequest(
  w: World,
  form: Changes,
  headers: Readonly<Record<string, string>> = { authorization: basic() },
): Promise<HttpResponse> {
  return w.serve(
    requestOf('POST', `${base}/access_token`, { headers, form: encodeForm(Object.entries(form)) }),
  )
}

/** Redeems a code of myClient. */
export function redeem(w: World, code: string, changes: Changes = {}): Promise<HttpResponse> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
  return tokenRequest(w, { ...form, code_verifier: verifier, ...changes })
}

/** Redeems a refresh token of myClient. */
export function refresh(w: World, token: unknown, changes: Changes = {}): Promise<HttpResponse> {
  return tokenRequest(w, {
    grant_type: 'refresh_token',
    refresh_token: String(token),
    ...changes,
  })
}

/** A whole way: push, decision, code, tokens. */
export async function tokensFor(
  w: World,
  changes: Changes = {},
  p?: Person,
): Promise<Record<string, unknown>> {
  const response = await redeem(w, await codeFor(w, changes, p))
  assert.equal(response.status, 200, String(response.body))
  return bodyOf(response)
}

/** Calls an endpoint of alpha with a bearer token. */
export function withToken(
  w: World,
  path: string,
  token: unknown,
  method = 'GET',
): Promise<HttpResponse> {
  return w.serve(
    requestOf(method, base + path, { headers: { authorization: `Bearer ${String(token)}` } }),
  )
}

/** Asserts an OAuth error in JSON. */
export function refusedWith(
  response: HttpResponse,
  error: string,
  description?: string,
  status = 400,
): void {
  const body = bodyOf(response)
  assert.equal(body.error, error, String(response.body))
  if (description !== undefined) assert.equal(body.error_description, description)
  assert.equal(response.status, status)
}

/** The payload of a JWT, unverified. */
export function claimsOf(jwt: unknown): Record<string, unknown> {
  return part(jwt, 1)
}

/** The header of a JWT. */
export function headerOf(jwt: unknown): Record<string, unknown> {
  return part(jwt, 0)
}

function part(jwt: unknown, i: number): Record<string, unknown> {
  const text = Buffer.from(String(jwt).split('.')[i] ?? '', 'base64url').toString()
  return JSON.parse(text) as Record<string, unknown>
}

/** Tokens of myPublicClient, whose users are not asked: works in every profile that has public clients. */
export async function publicTokens(
  w: World,
  changes: Changes = {},
  p?: Person,
): Promise<Record<string, unknown>> {
  const client_id = 'myPublicClient'
  const url = authorizeUrl({ client_id, ...pushForm(changes) })
  const code = codeOf(await (p ?? (await person(w))).get(url))
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier }
  const response = await tokenRequest(w, { ...form, client_id, redirect_uri: callback }, {})
  assert.equal(response.status, 200, String(response.body))
  return bodyOf(response)
}
