import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import { member } from '../../base/json.ts'
import { readSettings } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import type { Realm } from '../../realm/realm.ts'
import { realmKey } from '../../realm/realm.ts'
import { storedRealm } from '../../realm/realms.ts'
import type { FoundSession, Session, Sessions } from '../../session/session.ts'
import { saveProperties } from '../../session/session-properties.ts'
import { ofTheSession } from '../../session/system-property.ts'
import { crestError } from '../serve/crest.ts'
import { readJsonBody } from '../serve/json-body.ts'

/** What is asked about which session. */
export interface SessionCall {
  readonly realm: Realm
  readonly http: HttpRequest
  /** The token meant, of whatever realm; undefined when none was sent. */
  readonly token: string | undefined
  readonly found: FoundSession | undefined
}

/** Most characters of a property: it is written whenever its session is used. */
const longest = 1024

/** The properties that the session's realm lets be kept, those that were never set as `""`. */
export async function getSessionProperties({ realm, found }: SessionCall): Promise<HttpResponse> {
  if (found === undefined) return crestError(401, 'Access Denied')
  return told(await whitelistOf(realm, found.home), found.session.properties)
}

/**
 * Sets them; all of them at once, none that the realm does not list (PingAM: managing-sessions-REST), and none that says
 * what a login has proven, whatever the realm lists.
 */
export async function updateSessionProperties(call: SessionCall): Promise<HttpResponse> {
  const { realm, found, http } = call
  if (found === undefined) return crestError(401, 'Access Denied')
  const names = await whitelistOf(realm, found.home)
  const { tokenId: _named, ...given } = readJsonBody(http)
  const sent = Object.keys(given)
  if (sent.length !== names.length || sent.some((name) => !names.includes(name)))
    return crestError(403, 'The properties must be those that the realm lists, all of them')
  if (names.some((name) => ofTheSession.has(name)))
    return crestError(403, 'A property of the session itself cannot be set')
  const pairs = names.map((name) => [name, member(given, name)] as const)
  if (!pairs.every((pair): pair is readonly [string, string] => isFit(pair[1])))
    return crestError(400, `A property must be text of at most ${longest} characters`)
  const properties = Object.fromEntries(pairs)
  const saved = await saveProperties(found.home, found.session, properties)
  return saved ? told(names, properties) : crestError(401, 'Access Denied')
}

function isFit(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longest && value.isWellFormed()
}

function told(names: readonly string[], properties: Session['properties']): HttpResponse {
  return json(200, Object.fromEntries(names.map((name) => [name, member(properties, name) ?? ''])))
}

/** Of the realm the session belongs to, whichever was asked (C-38). */
async function whitelistOf(realm: Realm, { path }: Sessions): Promise<readonly string[]> {
  if (path === realm.path) return realm.provider.sessionPropertyWhitelist
  const stored = await storedRealm(realm.settings, realmKey(path))
  return readSettings(oauth2Provider, stored?.record.document ?? {}).values.sessionPropertyWhitelist
}
