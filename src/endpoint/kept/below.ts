import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { keptKind, keptPaths } from '../../config/kept/document.ts'
import type { Item } from '../../config/kind.ts'
import type { Realm } from '../../realm/realm.ts'

/** Where something is kept below a path, by so many names at most, in the order of the paths. */
export async function pathsBelow(
  realm: Realm,
  path: string,
  most: number,
): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const each of keptPaths(realm, path))
    if (each.slice(path.length + 1).split('/').length <= most) paths.push(each)
  return paths
}

/** What is kept there. */
export async function below(realm: Realm, path: string, most: number): Promise<readonly Item[]> {
  const paths = await pathsBelow(realm, path, most)
  const items = await Promise.all(paths.map((each) => keptKind.read(realm, each)))
  return items.filter((item) => item !== undefined)
}

/** A document with AM's `_id` and `_type`, which exports leave out now and then. */
export function shownAs({ id, value }: Item): JsonObject {
  const names = id.split('/')
  const [last = '', type = ''] = names.toReversed()
  const said = member(value, '_type')
  const single =
    names.at(-2) === 'services' ||
    member(value, '_id') === '' ||
    (isObject(said) && member(said, 'collection') === false)
  const of = single ? last : type
  return {
    _id: single ? '' : last,
    ...value,
    ...(said === undefined ? { _type: { _id: of, name: of, collection: !single } } : {}),
  }
}

/** What AM has one of in every realm or server, whatever was set: tools take it for a fault when it is not there. */
const always: readonly RegExp[] = [
  /^realm-config\/authentication\/(?:chains|modules|authenticationtrees)$/,
  /^global-config\/authentication(?:\/(?:chains|modules|authenticationtrees))?$/,
  /^global-config\/webhooks$/,
  /^global-config\/services\/CorsService$/,
  /^contexts\/[\w-]+$/,
  /^global-config\/services\/scripting\/contexts\/[\w-]+\/engineConfiguration$/,
  /^global-config\/servers\/server-default\/properties\/[a-zA-Z]+$/,
]

/** Whether there is an empty document of that path until there is another one. */
export function isAlways(path: string): boolean {
  return always.some((each) => each.test(path))
}
