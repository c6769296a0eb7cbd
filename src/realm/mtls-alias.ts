import type { Realm } from './realm.ts'
import type { RealmAddress } from './realms.ts'

/** An address of its own at which certificates are shown, and the one it stands for, as origins (RFC 8705 §5). */
export interface MtlsAlias {
  readonly at: string
  readonly of: string
}

/** Where what has this URL is found with a certificate, if there is an address of its own for that. */
export function aliasOf(
  { certificates }: Pick<Realm, 'certificates'>,
  url: string,
): string | undefined {
  const { at, of } = certificates.alias ?? {}
  return of !== undefined && url.startsWith(`${of}/`) ? at + url.slice(of.length) : undefined
}

/** The address that a request was meant for: a realm has one issuer, whichever of the two was asked. */
export function withoutAlias({ at, of }: MtlsAlias, address: RealmAddress): RealmAddress {
  const { path, url, issuer } = address
  if (!url.startsWith(`${at}/`)) return address
  return { path, url: of + url.slice(at.length), issuer: of + issuer.slice(at.length) }
}
