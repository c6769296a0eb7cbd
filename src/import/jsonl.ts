import { basename } from 'node:path'
import type { Json, JsonObject } from '../base/json.ts'
import { member, parseJsonObject } from '../base/json.ts'
import { userKind } from '../config/user.ts'
import { readPassword } from './directory-password.ts'
import type { Found, ImportAsked, Leftover, Source } from './found.ts'
import { entriesOf, NotReadable, objectOf, plainText, saysNothing } from './found.ts'
import { groupName } from './keycloak/group.ts'
import { readCredentials } from './keycloak/user.ts'
import { linesOf } from './lines.ts'
import { takePassword } from './password.ts'
import type { Said } from './person.ts'
import { foundGroup, realmAsked, takeAttribute } from './person.ts'

/** Other names of a person’s members, in lower case. */
const members: ReadonlyMap<string, string> = new Map([
  ['firstname', 'givenName'],
  ['lastname', 'sn'],
  ['emailverified', 'email_verified'],
  ['phonenumber', 'telephoneNumber'],
])

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * People as a file has them that somebody made: an object a line, in any of the names this server has for
 * attributes, with `userPassword` or Keycloak’s `credentials`. It is read twice, and found wrong before anything
 * is written.
 */
export async function jsonl(path: string, asked: ImportAsked): Promise<Source> {
  const realm = realmAsked(asked)
  const groups = new Set<string>()
  let people = 0
  for await (const [, person] of peopleIn(path)) {
    people += 1
    for (const name of groupsOf(person)) groups.add(name)
  }
  return {
    people,
    async *items() {
      for (const name of groups) yield foundGroup(name, realm, 'groups')
      for await (const [line, person] of peopleIn(path))
        yield foundPerson(person, realm, `line ${line}`, asked.clear)
    },
  }
}

async function* peopleIn(path: string): AsyncGenerator<readonly [number, JsonObject]> {
  for await (const [line, text] of linesOf(path)) {
    if (text.trim() === '') continue
    const person = parseJsonObject(line === 1 ? text.replace(/^\uFEFF/, '') : text)
    if (person === undefined)
      throw new NotReadable(
        `${basename(path)} line ${line}: must be an object of JSON that names nothing twice`,
      )
    yield [line, person]
  }
}

function groupsOf(person: JsonObject): readonly string[] {
  const names = entriesOf(member(person, 'groups')).map((each) => groupName(plainText(each)))
  return names.filter((name) => name !== '')
}

/** What stands for a member, by its name in lower case. */
type Taking = (value: Json, said: Said, clear: boolean) => readonly Leftover[]

const name: Taking = (value, said) => {
  said.set('username', value)
  return []
}
const status: Taking = (value, said) => {
  const word = typeof value === 'boolean' ? (value ? 'Active' : 'Inactive') : value
  said.set('inetUserStatus', word)
  return []
}
const password: Taking = (value, said, clear) => {
  const [first = value] = entriesOf(value)
  return takePassword(readPassword(plainText(first)), said, clear)
}
const nothing: Taking = () => []

const taking: ReadonlyMap<string, Taking> = new Map<string, Taking>([
  ...['username', 'uid'].map((each) => [each, name] as const),
  ...['status', 'inetuserstatus', 'accountstatus', 'enabled', 'active'].map(
    (each) => [each, status] as const,
  ),
  ...['userpassword', 'password', 'passwordhash'].map((each) => [each, password] as const),
  ['credentials', (value, said, clear) => readCredentials(value, said, clear)],
  ...['groups', 'id', 'sub', '_id', '_rev'].map((each) => [each, nothing] as const),
])

function foundPerson(person: JsonObject, realm: string, place: string, clear: boolean): Found {
  const said: Said = new Map()
  const leftovers: Leftover[] = []
  for (const [each, value] of Object.entries(person)) {
    const lower = each.toLowerCase()
    const take = taking.get(lower)
    if (take !== undefined) leftovers.push(...take(value, said, clear))
    else if (!saysNothing(value) || value === false)
      leftovers.push(...takeAttribute(said, members.get(lower) ?? each, value))
  }
  const groups = groupsOf(person)
  if (groups.length > 0) said.set('groups', groups)
  const ids = ['id', '_id', 'sub'].map((each) => plainText(member(person, each)).toLowerCase())
  const id = ids.find((each) => uuid.test(each)) ?? plainText(said.get('username'))
  return { kind: userKind, called: 'user', realm, id, input: objectOf(said), leftovers, place }
}
