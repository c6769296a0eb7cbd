import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { remoteConsentKind } from '../../config/agent/remote-consent.ts'
import { clientKind } from '../../config/client.ts'
import { oauth2ProviderKind } from '../../config/oauth2-provider.ts'
import type { Found } from '../found.ts'
import { membersOf, plainText, saysNothing } from '../found.ts'
import { journeyMembers, journeysIn, scriptFound } from './journey.ts'

/** What stands in a document beside its attributes. */
const quiet = new Set(['location', 'nextDescendents'])

/** What a realm’s part of an export holds. `realm`: whose it is, where that is known. */
export function contentOf(part: JsonObject, realm: string | undefined, place: string): Found[] {
  const found: Found[] = journeysIn(part, realm, place)
  const isJourney = found.length > 0
  for (const [name, value] of Object.entries(part)) {
    if (name === 'meta' || name === 'realm' || name === 'global' || saysNothing(value)) continue
    if (isJourney && journeyMembers.has(name)) continue
    const all = isObject(value) ? membersOf(value) : []
    if (name === 'application')
      for (const [id, document] of all) found.push(object(clientOf, document, id, realm, place))
    else if (name === 'agent' && all.length > 0)
      for (const [id, document] of all)
        found.push(
          typeOf(document) === 'RemoteConsentAgent'
            ? object(agentOf, document, id, realm, place)
            : left(name, id, place),
        )
    else if (name === 'script' && all.length > 0)
      found.push(...all.map(([id, script]) => scriptFound(id, script, realm, place)))
    else if (name === 'service' && isObject(value)) found.push(...services(all, realm, place))
    else
      found.push(
        ...(all.length === 0
          ? [left(name, name, place)]
          : all.map(([id]) => left(name, id, place))),
      )
  }
  return found
}

const clientOf = { kind: clientKind, called: 'client' } as const
const agentOf = { kind: remoteConsentKind, called: 'remote consent agent' } as const

function object(
  kind: Pick<Found, 'kind' | 'called'>,
  document: JsonObject,
  id: string,
  realm: string | undefined,
  place: string,
): Found {
  const at = { realm: realm ?? '', id, input: attributes(document), leftovers: [], place }
  return { ...at, ...kind }
}

/** What kind of agent AM says it is. */
function typeOf(document: JsonObject): string | undefined {
  const type = member(document, '_type')
  return isObject(type) ? plainText(member(type, '_id')) : undefined
}

function services(
  all: readonly (readonly [string, JsonObject])[],
  realm: string | undefined,
  place: string,
): Found[] {
  return all.map(([name, document]) => {
    if (name !== 'oauth-oidc') return left('service', name, place)
    const path = realm ?? plainText(member(document, 'location'))
    const at = { realm: path, id: '', input: attributes(document), leftovers: [], place }
    return { ...at, kind: oauth2ProviderKind, called: 'provider' }
  })
}

function attributes(document: JsonObject): JsonObject {
  const said = Object.entries(document).filter(
    ([name]) => !name.startsWith('_') && !quiet.has(name),
  )
  return Object.fromEntries(said)
}

function left(kind: string, id: string, place: string): Found {
  const at = { called: kind, realm: '', id, input: {}, place }
  return {
    ...at,
    leftovers: [{ attribute: kind, why: 'is not a kind of object that is managed here' }],
  }
}
