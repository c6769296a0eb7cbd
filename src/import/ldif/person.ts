import { userKind } from '../../config/user.ts'
import { readPassword } from '../directory-password.ts'
import type { Found, Leftover } from '../found.ts'
import { objectOf } from '../found.ts'
import { takePassword } from '../password.ts'
import type { Said } from '../person.ts'
import { takeAttribute } from '../person.ts'
import type { Entry } from './entry.ts'

/** Attributes of directories that have another name here; what has the same needs no row. */
const attributes: ReadonlyMap<string, string> = new Map([
  ['surname', 'sn'],
  ['commonname', 'cn'],
  ['gn', 'givenName'],
  ['rfc822mailbox', 'mail'],
  ['preferredlanguage', 'preferredLocale'],
  ['streetaddress', 'street'],
  ['localityname', 'l'],
  ['stateorprovincename', 'st'],
])

/** Read elsewhere, or kept by a directory about the entry itself. */
const quiet: ReadonlySet<string> = new Set(
  `objectclass uid userid userpassword entryuuid structuralobjectclass createtimestamp modifytimestamp creatorsname
  modifiersname entrycsn entrydn subschemasubentry hassubordinates numsubordinates nsuniqueid parentid entryid
  pwdchangedtime ds-pwp-account-disabled nsaccountlock inetuserstatus etag ismemberof`.split(/\s+/),
)

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Somebody of a directory. `groups`: those that name the entry. */
export function foundPerson(
  { line, values }: Entry,
  realm: string,
  groups: readonly string[] | undefined,
  clear: boolean,
): Found {
  const said: Said = new Map()
  const leftovers: Leftover[] = []
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => values.get(name)?.[0]).find((each) => each !== undefined)
  const username = first('uid', 'userid')
  said.set('username', username)
  const off = first('ds-pwp-account-disabled', 'nsaccountlock')?.toLowerCase() === 'true'
  const status = first('inetuserstatus')?.toLowerCase()
  said.set('inetUserStatus', off || (status ?? 'active') !== 'active' ? 'Inactive' : 'Active')
  if (groups !== undefined) said.set('groups', [...new Set(groups)])
  for (const [name, all] of values) {
    if (quiet.has(name) || (name === 'memberof' && groups !== undefined)) continue
    const texts = all.filter((each) => each !== undefined && each !== '') as readonly string[]
    if (texts.length < all.filter((each) => each !== '').length)
      leftovers.push({ attribute: name, why: 'is no text' })
    else if (texts.length > 0)
      leftovers.push(...takeAttribute(said, attributes.get(name) ?? name, texts))
  }
  const password = values.get('userpassword')
  if (password !== undefined)
    leftovers.push(...takePassword(readPassword(password[0] ?? ''), said, clear))
  if ((password?.length ?? 0) > 1)
    leftovers.push({ attribute: 'userpassword', why: 'has several values' })
  if ((values.get('uid')?.length ?? 0) > 1)
    leftovers.push({ attribute: 'uid', why: 'has several values' })
  const known = first('entryuuid')?.toLowerCase() ?? ''
  const id = uuid.test(known) ? known : (username ?? '')
  const input = objectOf(said)
  return { kind: userKind, called: 'user', realm, id, input, leftovers, place: `line ${line}` }
}
