import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Leftover } from '../found.ts'
import { entriesOf } from '../found.ts'

/** Entries of a list of a client that are text. */
export function textsOf(client: JsonObject, name: string): readonly string[] {
  const all = entriesOf(member(client, name))
  return all.filter((each) => typeof each === 'string' && each !== '') as string[]
}

/** A path is one at the client’s root; undefined where it has none. */
export function whole(client: JsonObject, uri: string): string | undefined {
  if (!uri.startsWith('/')) return uri
  const root = member(client, 'rootUrl')
  return typeof root === 'string' && root !== '' && !root.startsWith('${')
    ? `${root.replace(/\/$/, '')}${uri}`
    : undefined
}

/** Redirect URIs are compared as they are: one with a star in it has no counterpart. */
export function readUris(
  client: JsonObject,
  said: Map<string, Json | undefined>,
): readonly Leftover[] {
  const all = textsOf(client, 'redirectUris').map((uri) => whole(client, uri))
  const exact = all.filter((uri) => uri !== undefined && !uri.includes('*'))
  said.set('coreOAuth2ClientConfig.redirectionUris', exact as string[])
  const base = [member(client, 'baseUrl'), member(client, 'rootUrl')].find(
    (each) => typeof each === 'string' && each !== '',
  )
  const link = typeof base === 'string' ? whole(client, base) : undefined
  if (link !== undefined && /^https?:\/\//.test(link))
    said.set('advancedOAuth2ClientConfig.clientUri', [link])
  const left: Leftover[] = []
  if (all.some((uri) => uri?.includes('*')))
    left.push({ attribute: 'redirectUris', why: 'has a pattern: register whole URIs' })
  if (all.includes(undefined))
    left.push({ attribute: 'redirectUris', why: 'has a path without a rootUrl' })
  return left
}

/** Origins are compared as they are; `+` is those of the redirect URIs. */
export function readOrigins(
  client: JsonObject,
  said: Map<string, Json | undefined>,
): readonly Leftover[] {
  const origins = new Set<string>()
  let any = false
  for (const each of textsOf(client, 'webOrigins')) {
    if (each === '+') {
      for (const uri of textsOf(client, 'redirectUris')) {
        const origin = originOf(whole(client, uri) ?? '')
        if (origin !== undefined) origins.add(origin)
      }
    } else {
      const origin = originOf(whole(client, each) ?? '')
      if (origin === undefined) any = true
      else origins.add(origin)
    }
  }
  if (origins.size > 0) said.set('advancedOAuth2ClientConfig.javascriptOrigins', [...origins])
  return any ? [{ attribute: 'webOrigins', why: 'has what is no origin' }] : []
}

function originOf(uri: string): string | undefined {
  const url = URL.parse(uri.replace(/\*.*$/, ''))
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : undefined
}
