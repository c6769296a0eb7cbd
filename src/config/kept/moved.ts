import { nodesFolder, scriptsFolder, treesFolder } from '../../realm/journey/list.ts'
import { authenticationKind } from '../authentication/authentication.ts'
import { nodeKind } from '../journey/node.ts'
import { scriptKind } from '../journey/script.ts'
import { journeyKind } from '../journey/tree.ts'
import type { Kind } from '../kind.ts'

/** Kinds whose documents versions before only kept, by the beginnings of the paths that they had there. */
const moved: readonly (readonly [start: string, kind: Kind])[] = [
  [`${treesFolder}/`, journeyKind],
  [`${nodesFolder}/`, nodeKind],
  [`${scriptsFolder}/`, scriptKind],
]

/** What a document that an export of such a version has is now, and its id there. */
export function movedTo(path: string): { readonly kind: Kind; readonly id: string } | undefined {
  if (path === 'realm-config/authentication') return { kind: authenticationKind, id: '' }
  const [start = '', kind] = moved.find(([each]) => path.startsWith(each)) ?? []
  return kind && { kind, id: path.slice(start.length) }
}
