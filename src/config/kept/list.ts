import { unservedOfClient } from '../../client/administration.ts'
import { clientIds, readClient } from '../../client/registration.ts'
import type { KeptAttribute } from '../../protocol/unserved/attribute.ts'
import type { Stops } from '../../protocol/unserved.ts'
import { stops } from '../../protocol/unserved.ts'
import { providerOf } from '../../realm/provider/provider-of.ts'
import type { Realm } from '../../realm/realm.ts'
import { readRealm } from '../../realm/realms.ts'
import { unservedAuthentication } from '../authentication/authentication.ts'
import { unservedJourneys } from '../journey/unserved.ts'
import { keptPaths } from './document.ts'
import { isRead } from './obeyed.ts'

/** One object that holds something which is not served, and what it means. */
export interface UnservedObject {
  readonly kind: string
  readonly id: string
  readonly attributes: readonly {
    readonly path: string
    readonly stops: Stops
    readonly means: string
  }[]
}

/** Everything a realm holds that is kept and not served (C-39). */
export async function unservedObjects(realm: Realm): Promise<readonly UnservedObject[]> {
  const found: UnservedObject[] = []
  const add = (kind: string, id: string, attributes: readonly KeptAttribute[]): void => {
    const told = attributes.map(({ path, stops: what }) => ({
      path,
      stops: what,
      means: stops[what],
    }))
    if (told.length > 0) found.push({ kind, id, attributes: told })
  }
  const provider = (await readRealm(realm))?.record
  if (provider !== undefined) {
    const { unserved } = providerOf(provider, realm.journeys)
    add('provider', '', unserved)
    add('authentication', '', unservedAuthentication(realm, provider))
  }
  for (const id of await clientIds(realm)) {
    const record = (await readClient(realm, id))?.record
    if (record !== undefined) add('client', id, unservedOfClient(realm, record))
  }
  found.push(...(await unservedJourneys(realm)))
  for await (const path of keptPaths(realm, ''))
    if (!isRead(path)) found.push({ kind: 'kept', id: path, attributes: wholly })
  return found
}

/** Of a document nothing of which is served. */
const wholly = [{ path: '*', stops: 'nothing', means: stops.nothing }] as const
