import type { Json } from '../base/json.ts'
import type { Read } from '../protocol/setting.ts'
import { reading } from '../protocol/setting.ts'

/** What an account may hold about its user, and what everybody calls it. */
export interface Attribute {
  /** PingAM's name, with the case its directory writes: `givenName`. */
  readonly name: string
  /** The name among managed objects (`/openidm`). */
  readonly managed: string
  /** The claim it is (OIDC Core §5.1), and the member where the claim is an object. Without one it is kept by its own name. */
  readonly claim: readonly [claim: string, inside?: string]
  /** Whether it may have several values; a claim then says the first. */
  readonly many: boolean
  /** Reads one value. */
  readonly read: Read<Json>
  readonly about: string
  /** Said about the user by others: nothing they change themselves. */
  readonly byOthers?: true
  /** The attribute whose first value it is about: with another one it is no longer so. */
  readonly of?: string
}

/** Most values of one attribute. */
export const mostValues = 100
const longest = 4096

/** Characters, as JSON Schema counts them. */
export function lengthOf(text: string): number {
  return Array.from(text).length
}

const words = reading(
  `text of at most ${longest} characters`,
  { type: 'string', maxLength: longest },
  (v) => (typeof v === 'string' && v.isWellFormed() && lengthOf(v) <= longest ? v : undefined),
)

/** PingAM's JSON has texts in place of everything. */
export const flag = reading('true or false', { enum: [true, false, 'true', 'false'] }, (v) =>
  v === true || v === 'true' ? true : v === false || v === 'false' ? false : undefined,
)

const seconds = reading(
  'a time in seconds',
  {
    anyOf: [
      { type: 'integer', minimum: 0, maximum: 99_999_999_999 },
      { type: 'string', pattern: '^[0-9]{1,11}$' },
    ],
  },
  (v) => {
    const plain = typeof v === 'number' ? String(v) : v
    return typeof plain === 'string' && /^\d{1,11}$/.test(plain) ? Number(plain) : undefined
  },
)

type Names = string | readonly [name: string, managed: string]

function row(
  names: Names,
  claim: string | readonly [string, string] | undefined,
  about: string,
  { many = false, read = words, ...more }: Partial<Omit<Attribute, 'name' | 'claim'>> = {},
): Attribute {
  const [name, managed] = typeof names === 'string' ? [names, names] : names
  const place = typeof claim === 'string' ? ([claim] as const) : (claim ?? ([name] as const))
  return { name, managed, claim: place, many, read, about, ...more }
}

const many = { many: true } as const
const others = { byOthers: true } as const

/**
 * Every attribute of an account (PingAM: its directory's schema; PingIDM: managed user; claims: OIDC Core
 * §5.1). A claim that no directory knows has the claim's name everywhere.
 */
export const attributes: readonly Attribute[] = [
  row('cn', 'name', 'The whole name.', many),
  row('givenName', 'given_name', 'First names.', many),
  row('sn', 'family_name', 'Family name.', many),
  row('middle_name', 'middle_name', 'Middle names.'),
  row('nickname', 'nickname', 'What they are called.'),
  row('displayName', undefined, 'The name as it is shown to others.'),
  row('preferred_username', 'preferred_username', 'The name they want to be known by.'),
  row('mail', 'email', 'E-mail addresses, the preferred one first.', many),
  row('email_verified', 'email_verified', 'Whether the first of them is theirs.', {
    ...{ read: flag, byOthers: true, of: 'mail' },
  }),
  row('telephoneNumber', 'phone_number', 'Telephone numbers, the preferred one first.', many),
  row('phone_number_verified', 'phone_number_verified', 'Whether the first of them is theirs.', {
    ...{ read: flag, byOthers: true, of: 'telephoneNumber' },
  }),
  row('postalAddress', ['address', 'formatted'], 'The address as on a letter.'),
  row('street', ['address', 'street_address'], 'Street and number.'),
  row(['l', 'city'], ['address', 'locality'], 'City.'),
  row(['st', 'stateProvince'], ['address', 'region'], 'State or province.'),
  row('postalCode', ['address', 'postal_code'], 'Postal code.'),
  row(['co', 'country'], ['address', 'country'], 'Country.'),
  row('preferredLocale', 'locale', 'Language, as BCP 47 writes it.'),
  row('zoneinfo', 'zoneinfo', 'Time zone: `Europe/Berlin`.'),
  row('profile', 'profile', 'URL of a page about them.'),
  row(['picture', 'profileImage'], 'picture', 'URL of a picture.'),
  row('website', 'website', 'URL of their own page.'),
  row('gender', 'gender', 'Gender.'),
  row('birthdate', 'birthdate', 'Date of birth: `1990-04-01`.'),
  row('updated_at', 'updated_at', 'When this was changed last, in seconds.', {
    read: seconds,
    byOthers: true,
  }),
  row('description', undefined, 'Notes about them.', many),
  row('employeeNumber', undefined, 'Number of an employee.', others),
  row('manager', undefined, 'Who leads them.', others),
  row(['iplanet-am-user-alias-list', 'aliasList'], undefined, 'Names of the account elsewhere.', {
    ...many,
    ...others,
  }),
  row('iplanet-am-user-success-url', undefined, 'Kept; nothing goes by it.', {
    ...many,
    ...others,
  }),
  row('iplanet-am-user-failure-url', undefined, 'Kept; nothing goes by it.', {
    ...many,
    ...others,
  }),
  row('iplanet-am-user-auth-config', undefined, 'Kept; nothing goes by it.', others),
]

const byName: ReadonlyMap<string, Attribute> = new Map(
  attributes.flatMap((each) => {
    const [claim, inside] = each.claim
    const names = [each.name, each.managed, ...(inside === undefined ? [claim] : [])]
    return names.map((name): [string, Attribute] => [name.toLowerCase(), each])
  }),
)

/** The attribute of any of its names; case does not count (PingAM's directory). */
export function attributeOf(name: string): Attribute | undefined {
  return byName.get(name.toLowerCase())
}
