import type { Json } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { keysIn } from '../../store/keys-in.ts'
import type { Store } from '../../store/store.ts'
import { keptFolder } from '../kept.ts'

/** Where the trees of a realm are, below `/am/json/<realm>`, and their nodes. */
export const treesFolder = 'realm-config/authentication/authenticationtrees/trees'
export const nodesFolder = 'realm-config/authentication/authenticationtrees/nodes'

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
  const folder = keptFolder(realm)
  const prefix = `${folder}/${encodeURIComponent(`${treesFolder}/`)}`
  const found = new Map<string, ListedJourney>()
  for await (const key of keysIn(settings, folder, { after: prefix })) {
    if (!key.startsWith(prefix)) break
    const stored = await settings.get(key)
    if (stored === undefined) continue
    const { document } = JSON.parse(stored.value.toString()) as { readonly document?: Json }
    found.set(decodeURIComponent(key.slice(prefix.length)), listed(document))
  }
  return found
}

function listed(document: Json | undefined): ListedJourney {
  if (!isObject(document)) return { enabled: false, inner: false, removed: true }
  return {
    enabled: member(document, 'enabled') !== false,
    inner:
      member(document, 'innerTreeOnly') === true || member(document, 'transactionalOnly') === true,
    removed: false,
  }
}
