import type { Realm } from '../../../realm/realm.ts'

/** For whom a passkey is made (WebAuthn §4: relying party), and from which pages it may be used. */
export interface RelyingParty {
  readonly id: string
  readonly origins: readonly string[]
}

/** As the node's settings say; where they are silent, this server as the request addressed it. */
export function relyingPartyOf(
  { url }: Pick<Realm, 'url'>,
  {
    relyingPartyDomain,
    origins,
  }: { readonly relyingPartyDomain: string; readonly origins: readonly string[] },
): RelyingParty {
  const own = new URL(url)
  return {
    id: relyingPartyDomain || own.hostname,
    origins: origins.length > 0 ? origins : [own.origin],
  }
}
