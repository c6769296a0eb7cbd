import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { groupKind } from '../../config/group.ts'
import type { Found } from '../found.ts'
import { entriesOf, plainText, saysNothing } from '../found.ts'

/** A group below another one has both names: `/staff/board` is `staff.board`. */
export function groupName(path: string): string {
  return path.replace(/^\//, '').replaceAll('/', '.').replace(/[,\\]/g, '-')
}

const silent = new Set([
  'id',
  'name',
  'path',
  'parentId',
  'subGroups',
  'access',
  'subGroupCount',
  'description',
])

/** The groups of a realm, those below others behind them. */
export function* foundGroups(
  groups: Json | undefined,
  realm: string,
  above = '',
): Generator<Found> {
  for (const group of entriesOf(groups)) {
    if (!isObject(group)) continue
    const path = `${above}/${plainText(member(group, 'name'))}`
    yield found(group, path, realm)
    yield* foundGroups(member(group, 'subGroups'), realm, path)
  }
}

function found(group: JsonObject, path: string, realm: string): Found {
  const id = groupName(path)
  const description = member(group, 'description')
  const leftovers = Object.entries(group)
    .filter(([name, value]) => !silent.has(name) && !saysNothing(value))
    .map(([attribute]) => ({ attribute }))
  const input = {
    username: id,
    ...(typeof description === 'string' ? { description: [description] } : {}),
  }
  return { kind: groupKind, called: 'group', realm, id, input, leftovers, place: `group ${path}` }
}
