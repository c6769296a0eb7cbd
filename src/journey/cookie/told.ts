import type { HttpRequest } from '../../base/http.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { sessionToEnd } from '../../session/session.ts'
import { isProof } from './proof.ts'

/** What of a request scripts and nodes are told, by its names: those of headers in lower case. */
export interface ToldRequest {
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly parameters: ReadonlyMap<string, string>
  readonly cookies: ReadonlyMap<string, string>
}

type Withheld = (name: string, value: string) => Promise<boolean>

/** Headers that prove somebody, to this server or to the proxy before it. */
const proving = new Set('authorization proxy-authorization dpop x-openam-password'.split(' '))

/** Cookies that this server sets, whatever the realm: of devices, login pages and interactions; and the usual session. */
const ownCookies = /^(?:(?:__Host-)?parapet-|iplanetdirectorypro$)/i

/** As many values of a request are looked up as may be session tokens; what is more is not told. */
const mostLooked = 16

/**
 * What of a request is told. Whoever writes a realm's journeys is not trusted with what opens other realms to the browser:
 * what proves somebody is left out, by its name and, since realms call their cookies differently, by its value.
 */
export async function toldOf(realm: Realm, http: HttpRequest | undefined): Promise<ToldRequest> {
  if (http === undefined) return { headers: new Map(), parameters: new Map(), cookies: new Map() }
  const withheld = withholding(realm)
  const headers = new Map<string, readonly string[]>()
  for (const [name, value] of pairsOf(http.rawHeaders)) {
    const told = name === 'cookie' ? await cookieLine(value, withheld) : value
    if (told === '' && value !== '') continue
    if (proving.has(name) || (await withheld(name, told))) continue
    headers.set(name, [...(headers.get(name) ?? []), told])
  }
  const parameters = new Map<string, string>()
  for (const [name, value] of readQuery(http))
    if (!(await withheld(name, value))) parameters.set(name, value)
  const cookies = new Map((headers.get('cookie') ?? []).flatMap(cookiesIn))
  return { headers, parameters, cookies }
}

/** Whether what stands in a request under a name is withheld; for one request. */
export function withholding(realm: Realm): Withheld {
  const { cookieName, tlsClientCertificateTrustedHeader } = realm.provider
  const named = [cookieName, tlsClientCertificateTrustedHeader].map((each) => each.toLowerCase())
  let looked = 0
  return async (name, value) => {
    if (ownCookies.test(name) || named.includes(name.toLowerCase()) || isProof(value)) return true
    if (!/^[\w-]{43}$/.test(value)) return false
    looked += 1
    return looked > mostLooked || (await sessionToEnd(realm, value)) !== undefined
  }
}

function pairsOf(raw: readonly string[]): readonly [name: string, value: string][] {
  return raw.flatMap((name, i): [string, string][] =>
    i % 2 === 0 ? [[name.toLowerCase(), raw[i + 1] ?? '']] : [],
  )
}

async function cookieLine(line: string, withheld: Withheld): Promise<string> {
  const told: string[] = []
  for (const [name, value] of cookiesIn(line))
    if (!(await withheld(name, value))) told.push(`${name}=${value}`)
  return told.join('; ')
}

/** The cookies of a header, in its order. */
export function cookiesIn(line: string): readonly [name: string, value: string][] {
  return line.split(';').flatMap((pair): [string, string][] => {
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2)
    return name.trim() === '' ? [] : [[name.trim(), value.trim()]]
  })
}
