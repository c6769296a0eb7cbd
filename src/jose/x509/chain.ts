import type { Certificate, Extension } from './certificate.ts'
import { readOid, readOne, tags, within } from './der.ts'

export type ChainReason =
  | 'the certificate is not in force'
  | 'the certificate is not for client authentication'
  | 'the key of the certificate is weak or not supported'
  | 'the certificate has a critical extension that is not supported'
  | 'the certificate leads to no configured CA'

export type ChainVerdict =
  | {
      readonly ok: true
      /** From the leaf to the CA that is trusted. */
      readonly path: readonly Certificate[]
    }
  | { readonly ok: false; readonly reason: ChainReason }

/** Certificates between leaf and root, of those sent the ones considered, signatures checked. */
const limits = { depth: 5, intermediates: 10, signatures: 20 } as const

/**
 * Looks for a path from a client's certificate to one of the configured CAs (RFC 5280 §6.1, without
 * policies; a CA with name constraints is not followed). What the client sent beside its own is only
 * material for it. No revocation is asked for.
 *
 * @param now seconds since 1970
 */
export function verifyChain(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  roots: readonly Certificate[],
  now: number,
): ChainVerdict {
  const reason = leafProblem(leaf, now)
  if (reason !== undefined) return { ok: false, reason }
  const sent = intermediates.slice(0, limits.intermediates)
  const search: Search = { sent, roots, now, signatures: limits.signatures }
  const path = climb(search, [leaf])
  if (path === undefined) return { ok: false, reason: 'the certificate leads to no configured CA' }
  return { ok: true, path }
}

interface Search {
  readonly sent: readonly Certificate[]
  readonly roots: readonly Certificate[]
  readonly now: number
  /** Checks that may still be made: a stranger decides what is sent. */
  signatures: number
}

function climb(search: Search, path: readonly Certificate[]): readonly Certificate[] | undefined {
  const root = search.roots.find((candidate) => issued(search, candidate, path))
  if (root !== undefined) return [...path, root]
  if (path.length > limits.depth) return undefined
  for (const candidate of search.sent) {
    if (path.includes(candidate) || !issued(search, candidate, path)) continue
    const found = climb(search, [...path, candidate])
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether the issuer may have issued, and has issued, the last certificate of the path. */
function issued(search: Search, issuer: Certificate, path: readonly Certificate[]): boolean {
  const child = path.at(-1) as Certificate
  if (!inForce(issuer, search.now) || !mayIssue(issuer, path.length - 1)) return false
  // Names, key identifiers, and that the issuer's key usage has keyCertSign; false for most.
  if (!child.x509.checkIssued(issuer.x509) || !isStrong(child)) return false
  if (search.signatures-- <= 0) return false
  return child.x509.verify(issuer.key)
}

/** `below`: CAs between this one and the leaf. */
function mayIssue(issuer: Certificate, below: number): boolean {
  return whyNoAuthority(issuer) === undefined && below <= (depthOf(issuer) ?? -1)
}

/** Why a certificate vouches for no client's, whenever; undefined if it is a CA's that may (RFC 5280 §6.1.4 k, n). */
export function whyNoAuthority(issuer: Certificate): string | undefined {
  return rulesOfAuthorities.find(([holds]) => !holds(issuer))?.[1]
}

const rulesOfAuthorities: readonly (readonly [(issuer: Certificate) => boolean, string])[] = [
  [(issuer) => depthOf(issuer) !== undefined, 'it is no CA by its basicConstraints'],
  [(issuer) => allows(issuer, 0x04), 'its key usage is not to sign certificates'],
  [({ keyThumbprint }) => keyThumbprint !== undefined, 'its key is weak or not supported'],
  [
    ({ extensions }) => !extensions.has(extension.nameConstraints),
    'it has name constraints, which are not followed',
  ],
  [servesClients, 'its extended key usage is not client authentication'],
  [criticalAreKnown, 'it has a critical extension that is not supported'],
]

function depthOf({ extensions }: Certificate): number | undefined {
  return basicConstraints(extensions.get(extension.basicConstraints))?.depth
}

function leafProblem(leaf: Certificate, now: number): ChainReason | undefined {
  if (!inForce(leaf, now)) return 'the certificate is not in force'
  if (!criticalAreKnown(leaf)) {
    return 'the certificate has a critical extension that is not supported'
  }
  if (leaf.keyThumbprint === undefined) {
    return 'the key of the certificate is weak or not supported'
  }
  return allows(leaf, 0x80) && servesClients(leaf)
    ? undefined
    : 'the certificate is not for client authentication'
}

/** Whether the clock, in seconds since 1970, is within the validity of a certificate. */
export function inForce({ notBefore, notAfter }: Certificate, now: number): boolean {
  return notBefore <= now && now <= notAfter
}

const extension = {
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
} as const

/** RFC 5280 §4.2: what is critical and not understood refuses the certificate. */
const known: ReadonlySet<string> = new Set(Object.values(extension))

function criticalAreKnown({ extensions }: Certificate): boolean {
  return [...extensions].every(([oid, { critical }]) => !critical || known.has(oid))
}

/** keyUsage has a bit, 0x80 for digitalSignature and 0x04 for keyCertSign, or is absent (RFC 5280 §4.2.1.3). */
function allows({ extensions }: Certificate, bit: number): boolean {
  const found = extensions.get(extension.keyUsage)
  if (found === undefined) return true
  const value = readOne(found.value)
  return value?.tag === tags.bitString && ((value.content[1] ?? 0) & bit) !== 0
}

/** clientAuth and anyExtendedKeyUsage (RFC 5280 §4.2.1.12). */
const clientUsages = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0']

function servesClients({ extensions }: Certificate): boolean {
  const found = extensions.get(extension.extendedKeyUsage)
  if (found === undefined) return true
  const usages = within(readOne(found.value)) ?? []
  return usages.some((usage) => clientUsages.includes(readOid(usage) ?? ''))
}

/** Undefined unless it is a CA (RFC 5280 §4.2.1.9). */
function basicConstraints(found: Extension | undefined): { readonly depth: number } | undefined {
  const [ca, length, ...more] = within(found && readOne(found.value)) ?? []
  if (ca?.tag !== tags.boolean || ca.content[0] !== 0xff || more.length > 0) return undefined
  if (length === undefined) return { depth: Number.POSITIVE_INFINITY }
  if (length.tag !== tags.integer || length.content.length !== 1) return undefined
  return { depth: length.content.readInt8() }
}

/** Signatures over SHA-2 and Ed25519 (RFC 4055, RFC 5758, RFC 8410). */
const strong: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112',
])

const pss = '1.2.840.113549.1.1.10'
const sha2 = ['2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3']

function isStrong({ signatureAlgorithm }: Certificate): boolean {
  const [type, parameters] = within(signatureAlgorithm) ?? []
  const oid = readOid(type) ?? ''
  if (oid !== pss) return strong.has(oid)
  // RFC 4055 §3.1: a hash that is not named is SHA-1.
  const [named] = within(parameters) ?? []
  const [digest] = within(within(named, tags.explicit0)?.[0]) ?? []
  return sha2.includes(readOid(digest) ?? '')
}
