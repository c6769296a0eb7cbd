import type { Json } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Store } from '../../store/store.ts'
import type { OAuth2Provider } from '../oauth2-provider.ts'
import { namesBelow, readJourneyDocument } from './document.ts'

/** Where the trees of a realm are, below `/am/json/<realm>`, and their nodes. */
export const treesFolder = 'realm-config/authentication/authenticationtrees/trees'
export const nodesFolder = 'realm-config/authentication/authenticationtrees/nodes'
/** And the scripts that nodes run. */
export const scriptsFolder = 'scripts'

/** What a realm knows of a journey without reading it. */
export interface ListedJourney {
  readonly enabled: boolean
  /** Nobody starts it by its name: other journeys do, or what is done once (PingAM: transactional only). */
  readonly inner: boolean
  /** It was there from the start, and was removed. */
  readonly removed: boolean
}

/** The journeys that a realm has written down, by their names; built-in ones that nobody changed are not among them. */
export type JourneyList = ReadonlyMap<string, ListedJourney>

/** Reads it. Nearly nobody has any. */
export async function readJourneyList(settings: Store, realm: string): Promise<JourneyList> {
  const place = { settings, path: realm }
  const names = await namesBelow(place, treesFolder)
  const found = await Promise.all(
    names.map(async (name): Promise<readonly (readonly [string, ListedJourney])[]> => {
      const stored = await readJourneyDocument(place, `${treesFolder}/${name}`)
      return stored === undefined ? [] : [[name, listedAs(stored.document)]]
    }),
  )
  return new Map(found.flat())
}

/** What of a stored journey is listed. */
export function listedAs(document: Json | undefined): ListedJourney {
  if (!isObject(document)) return { enabled: false, inner: false, removed: true }
  return {
    enabled: member(document, 'enabled') !== false,
    inner:
      member(document, 'innerTreeOnly') === true || member(document, 'transactionalOnly') === true,
    removed: false,
  }
}

/** What of a realm says which journeys can be started. */
interface Journeys {
  readonly journeys: JourneyList
  readonly provider: Pick<OAuth2Provider, 'journeys' | 'journeyAliases'>
}

/** The journey that a name means, if it can be started: by its own name, or another one that the realm gives it. Case counts. */
export function startable({ provider, journeys }: Journeys, name: string): string | undefined {
  const { journeyAliases } = provider
  const own = Object.hasOwn(journeyAliases, name) ? (journeyAliases[name] as string) : name
  const stored = journeys.get(own)
  const there = stored === undefined ? provider.journeys.includes(own) : isOpen(stored)
  return there ? own : undefined
}

function isOpen({ enabled, inner }: ListedJourney): boolean {
  return enabled && !inner
}

/** Every name by which a journey can be started. */
export function startableNames(realm: Journeys): readonly string[] {
  const { journeys, journeyAliases } = realm.provider
  const names = new Set([...journeys, ...realm.journeys.keys(), ...Object.keys(journeyAliases)])
  return [...names].filter((name) => startable(realm, name) !== undefined)
}
