import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Found, ImportAsked, Source } from '../found.ts'
import { NotReadable, plainText } from '../found.ts'
import { held, readJsonFile } from '../read-file.ts'
import { foundClient } from './client.ts'
import { foundGroups } from './group.ts'
import { foundRealm } from './realm.ts'
import { foundUser } from './user.ts'

/**
 * What Keycloak exports of a realm: one file with all of it, or a folder of `<realm>-realm.json` and
 * `<realm>-users-<n>.json`.
 */
export async function keycloak(path: string, options: ImportAsked): Promise<Source> {
  const files = await filesAt(path)
  const document = await readJsonFile(files.realm)
  const realms = Array.isArray(document) ? (document as readonly Json[]) : [document]
  const named = realms.filter(
    (each): each is JsonObject => isObject(each) && isName(member(each, 'realm')),
  )
  const where = basename(files.realm)
  if (named.length === 0 || named.length < realms.length)
    throw new NotReadable(`${where}: is no realm of Keycloak: it has no "realm"`)
  if (named.length > 1 && options.realm !== undefined)
    throw new NotReadable(`${where}: has several realms, which --realm would make one of`)
  const people = named.reduce((sum, realm) => sum + peopleOf(realm).length, 0)
  return {
    ...(files.people.length === 0 ? { people } : {}),
    async *items() {
      for (const realm of named) {
        const target = options.realm ?? `/${plainText(member(realm, 'realm'))}`
        yield* contentOf(realm, target, options.clear)
        for (const file of files.people) {
          const more = await readJsonFile(file)
          if (isObject(more))
            yield* usersOf(peopleOf(more), target, `${basename(file)} `, options.clear)
        }
      }
    },
  }
}

function isName(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== ''
}

function* contentOf(realm: JsonObject, target: string, clear: boolean): Generator<Found> {
  yield* foundRealm(realm, target)
  for (const [i, client] of listOf(realm, 'clients'))
    yield foundClient(client, realm, target, `clients[${i}]`)
  yield* foundGroups(member(realm, 'groups'), target)
  yield* usersOf(peopleOf(realm), target, '', clear)
}

function* usersOf(
  people: readonly (readonly [number, JsonObject])[],
  realm: string,
  file: string,
  clear: boolean,
): Generator<Found> {
  for (const [i, user] of people) {
    const found = foundUser(user, realm, `${file}users[${i}]`, clear)
    if (found !== undefined) yield found
  }
}

/** Each with its place. */
function peopleOf(document: JsonObject): readonly (readonly [number, JsonObject])[] {
  return listOf(document, 'users')
}

function listOf(document: JsonObject, name: string): readonly (readonly [number, JsonObject])[] {
  const all = member(document, name)
  const entries = Array.isArray(all) ? [...(all as readonly Json[]).entries()] : []
  return entries.filter((entry): entry is [number, JsonObject] => isObject(entry[1]))
}

interface Files {
  readonly realm: string
  readonly people: readonly string[]
}

async function filesAt(path: string): Promise<Files> {
  const is = await held(basename(path), () => stat(path))
  if (!is.isDirectory()) return { realm: path, people: [] }
  const entries = await readdir(path, { withFileTypes: true })
  const names = entries.filter((each) => each.isFile()).map(({ name }) => name)
  const [realm, another] = names.filter((name) => name.endsWith('-realm.json'))
  if (realm === undefined) throw new NotReadable(`${basename(path)}: has no <realm>-realm.json`)
  if (another !== undefined)
    throw new NotReadable(`${basename(path)}: has several realms: import each by its own folder`)
  const begin = realm.slice(0, -'realm.json'.length)
  const number = (name: string): number => Number(/-(\d+)\.json$/.exec(name)?.[1])
  const people = names
    .filter((name) => /^users-\d+\.json$/.test(name.slice(begin.length)) && name.startsWith(begin))
    .sort((one, other) => number(one) - number(other))
  return { realm: join(path, realm), people: people.map((name) => join(path, name)) }
}
