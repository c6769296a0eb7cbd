import type { Realm } from '../../realm/realm.ts'

/** What a way of logging in shows: something its user knows, has, or is. */
interface Way {
  readonly amr: readonly string[]
  readonly factor: 'knowledge' | 'possession' | 'knowledge or inherence'
}

/** RFC 8176 §2: values for the ways that journeys have, by their names for them. */
const ways: Readonly<Record<string, Way>> = {
  DataStore: { amr: ['pwd'], factor: 'knowledge' },
  KBA: { amr: ['kba'], factor: 'knowledge' },
  OneTimePassword: { amr: ['otp'], factor: 'possession' },
  RecoveryCode: { amr: ['otp'], factor: 'possession' },
  AuthenticatorOATH: { amr: ['otp'], factor: 'possession' },
  // Somebody touched the device that has the key.
  WebAuthnAuthentication: { amr: ['pop', 'user'], factor: 'possession' },
  // The device knew its user by a PIN or a finger, which it does not tell.
  UserVerification: { amr: [], factor: 'knowledge or inherence' },
}

/**
 * How somebody logged in, for the claim `amr` (OIDC Core §2): by the realm's own mapping (PingAM: `amrMappings`), else by
 * RFC 8176, with `mfa` where they showed what they have and something else. Undefined where nothing is known.
 */
export function amrOf(
  { provider }: Pick<Realm, 'provider'>,
  methods: readonly string[] = [],
): readonly string[] | undefined {
  const mapped = Object.entries(provider.amrMappings)
  const values = methods.flatMap((method) => {
    const own = mapped.flatMap(([amr, name]) => (name === method ? [amr] : []))
    return own.length > 0 ? own : (wayOf(method)?.amr ?? [])
  })
  const factors = new Set(methods.map((method) => wayOf(method)?.factor).filter(Boolean))
  const all = [...new Set([...values, ...(factors.size > 1 && mapped.length === 0 ? ['mfa'] : [])])]
  return all.length === 0 ? undefined : all
}

function wayOf(method: string): Way | undefined {
  return Object.hasOwn(ways, method) ? ways[method] : undefined
}
