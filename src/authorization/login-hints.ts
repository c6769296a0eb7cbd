import { parseForm } from '../base/form.ts'
import type { Client } from '../client/client.ts'
import { findClient } from '../client/client.ts'
import { findRecord } from '../grant/find-record.ts'
import { pushedHandle } from '../grant/handle.ts'
import { isFor, requestIn } from '../grant/record.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import { isLogin, wantsActive, wantsActiveIn } from './active-login.ts'
import { proveRedirection } from './redirection.ts'

/** What the authorization request a login is on the way to says to the login page (C-33). */
export interface LoginHints {
  readonly client: Client
  readonly login_hint: string | undefined
  readonly ui_locales: readonly string[]
  /** The proven redirect URI: Chromium holds the form to the whole chain of redirects (C-30). */
  readonly redirect_uri: string
  /** They have to show who they are, though their browser may have a cookie that says so. */
  readonly active: boolean
}

const limits = { parameters: 200, bytes: 65_536 }

/** The hints of the request behind an /authorize URL; undefined when it is none that can be used. */
export async function loginHints(realm: Realm, goto: string): Promise<LoginHints | undefined> {
  const url = URL.parse(goto, realm.url)
  if (url === null || !url.pathname.endsWith('/authorize')) return undefined
  const form = parseForm(url.search.slice(1), limits, new Set())
  if ('problem' in form) return undefined
  const client = await findClient(realm, form.get('client_id') ?? '')
  if (client?.status !== 'Active') return undefined
  const request_uri = form.get('request_uri')
  try {
    return request_uri === undefined
      ? ofQuery(realm, client, form)
      : await ofRecord(realm, client, request_uri, isLogin(form.get('prompt')))
  } catch (error) {
    if (error instanceof OAuthError) return undefined
    throw error
  }
}

async function ofRecord(
  realm: Realm,
  client: Client,
  request_uri: string,
  live: boolean,
): Promise<LoginHints | undefined> {
  const handle = pushedHandle(request_uri)
  const found = handle === undefined ? 'unknown' : await findRecord(realm, 'request_uri', handle)
  if (typeof found === 'string') return undefined
  const { record } = found
  const request = requestIn(record)
  if (!isFor(client, record) || request === undefined) return undefined
  return hints(client, record.redirect_uri, request, live || wantsActive(request))
}

function ofQuery(realm: Realm, client: Client, form: ReadonlyMap<string, string>): LoginHints {
  const redirect_uri = form.get('redirect_uri')
  const proven = proveRedirection(realm, client, redirect_uri === undefined ? {} : { redirect_uri })
  const [login_hint, ui_locales] = ['login_hint', 'ui_locales'].map((name) => form.get(name))
  const active = wantsActiveIn(client, form)
  return hints(client, proven.redirect_uri, { login_hint, ui_locales }, active)
}

interface Said {
  readonly login_hint?: string | undefined
  readonly ui_locales?: string | undefined
}

function hints(
  client: Client,
  redirect_uri: string,
  { login_hint, ui_locales }: Said,
  active: boolean,
): LoginHints {
  return { client, login_hint, ui_locales: ui_locales?.split(' ') ?? [], redirect_uri, active }
}

/**
 * Whether what a login leads on to asks for somebody who shows who they are. A request of which nothing can be read,
 * such as one that is fetched, may do so.
 */
export async function asksForActive(realm: Realm, goto: string | undefined): Promise<boolean> {
  const url = goto === undefined ? null : URL.parse(goto, realm.url)
  if (goto === undefined || url === null || !url.pathname.endsWith('/authorize')) return false
  return (await loginHints(realm, goto))?.active !== false
}
