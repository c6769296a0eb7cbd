/** Where every simulation begins: realms, clients and a session, made once and copied for each seed. */
import { readClient, saveClient } from '../../../src/client/registration.ts'
import { hashSecret } from '../../../src/client/stored-secret.ts'
import { createSession } from '../../../src/session/session.ts'
import type { Shelf as StoreShelf } from '../../../src/store/store.ts'
import type { Signer } from '../../assertion.ts'
import { register } from '../../register.ts'
import { longSecret, secretSigner } from '../../request-object.ts'
import { callback, type World, world } from '../../world.ts'
import type { Entry } from './shelf.ts'

export interface InitialState {
  readonly start: number
  readonly settings: ReadonlyMap<string, Entry>
  readonly records: ReadonlyMap<string, Entry>
  readonly handleKeys: Awaited<ReturnType<World['realm']>>['handleKeys']
  readonly signer: Pick<Signer, 'key'>
  /** The session of the demo's user. */
  readonly token: string
}

/** Seconds. */
export const interactionLifetime = 120

/** The client that signs; users are asked for consent. */
export const signs = 'signs'
/** The demo's client that proves nothing and asks nobody. */
export const isPublic = 'myPublicClient'

export async function newInitialState(): Promise<InitialState> {
  const shelves: StoreShelf[] = []
  const seen = (store: unknown): never => {
    shelves.push(store as StoreShelf)
    return store as never
  }
  // Opaque tokens, and a secret as the key: nothing is signed on another thread, whose time no seed decides.
  const w = await world({
    settings: seen,
    records: seen,
    alpha: {
      coreOAuth2Config: { statelessTokensEnabled: false },
      parapetConfig: { interactionLifetime },
    },
  })
  await register(w, signs, {
    core: { redirectionUris: [callback] },
    advanced: { tokenEndpointAuthMethod: 'client_secret_jwt' },
    keys: { tokenEndpointAuthSigningAlgorithm: 'HS256' },
  })
  const realm = await w.realm()
  const stored = await readClient(realm, signs)
  if (stored === undefined) throw new Error('not registered')
  const secrets = [await hashSecret(realm, longSecret, true)]
  await saveClient(realm, { ...stored.record, secrets })
  const { token } = await createSession(realm, w.demo, 'Login')
  const [settings, records] = await Promise.all(shelves.map(entriesOf))
  const { handleKeys } = realm
  return {
    ...{ start: w.clock.now, handleKeys, token, signer: secretSigner('HS256') },
    settings: new Map([...(settings ?? [])].filter(([key]) => !isKey.test(key))),
    records: records ?? new Map(),
  }
}

/** Nothing here is signed by these or encrypted to them, and each process would try them at its first request. */
const isKey = /^key\//

async function entriesOf(shelf: StoreShelf): Promise<ReadonlyMap<string, Entry>> {
  const { records } = await shelf.walk(1_000_000)
  return new Map(
    records.map(({ key, value, version, expiry }) => [key, { value, version, expiry }]),
  )
}
