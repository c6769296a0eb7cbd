/**
 * Which claims a scope asks for (OIDC Core §5.4). Those of `profile` begin in the order in which AM
 * writes them; the rest follow the standard's.
 */
export const scopeClaims = {
  profile: [
    'given_name',
    'family_name',
    'name',
    'zoneinfo',
    'locale',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** Every claim about a user that can be asked for, by scope or by a `claims` request (OIDC Core §5.1). */
export const userClaims: ReadonlySet<string> = new Set(Object.values(scopeClaims).flat())
