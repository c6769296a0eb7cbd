import type { JsonObject } from '../../src/base/json.ts'
import { nodeKind } from '../../src/config/journey/node.ts'
import { scriptKind } from '../../src/config/journey/script.ts'
import { journeyKind } from '../../src/config/journey/tree.ts'
import type { Kind } from '../../src/config/kind.ts'
import { anyState } from '../../src/config/kind.ts'
import { failureId } from '../../src/journey/tree.ts'
import type { Asked, Row } from './index.ts'
import { administrators } from './statuses.ts'

const settings = '/realm-config/authentication'
const trees = `${settings}/authenticationtrees/trees`
const nodes = `${settings}/authenticationtrees/nodes`
const designed = '/node-designer/node-type'
const trial = { by: 'test', condition: anyState }
const tree: JsonObject = { entryNodeId: failureId, nodes: {} }
const inner: JsonObject = { tree: 'Login' }
const script: JsonObject = { name: 'One', script: '' }

function asks(
  path: string,
  rest: string,
  names: readonly string[],
  body?: JsonObject,
): readonly Row[] {
  return names.map((name) => ({
    ...{ method: 'POST', path, rest: `${rest}?_action=${name}`, statuses: administrators(200) },
    ...(body === undefined ? {} : { body }),
  }))
}

/** One is read, written and deleted, each time after it was made. */
function ofOne(
  path: string,
  rest: string,
  kind: Kind,
  id: string,
  body: JsonObject,
): readonly Row[] {
  const before = ({ realm }: Asked): Promise<unknown> => kind.save(realm, id, body, trial)
  return (['GET', 'PUT', 'DELETE'] as const).map((method) => ({
    ...{ method, path: `${path}/*`, rest, before, statuses: administrators(200) },
    ...(method === 'PUT' ? { body } : {}),
  }))
}

function without(kind: Kind, id: string): NonNullable<Row['before']> {
  return ({ realm }) => kind.remove(realm, id, trial)
}

/** Of journeys, their nodes and scripts, and how people log in. */
export const journeyRows: readonly Row[] = [
  { method: 'GET', path: designed, statuses: administrators(200) },
  { method: 'GET', path: `${designed}/*`, rest: 'x', statuses: administrators(404) },
  { method: 'PUT', path: `${designed}/*`, rest: 'x', body: {}, statuses: administrators(501) },
  ...(['GET', 'PUT', 'DELETE'] as const).map(
    (method): Row => ({
      ...{ method, path: settings, statuses: administrators(200) },
      ...(method === 'PUT' ? { body: {} } : {}),
    }),
  ),
  ...asks(settings, '', [
    ...['schema', 'template', 'getAllTypes', 'getCreatableTypes', 'nextdescendents'],
  ]),
  { method: 'GET', path: trees, rest: '?_queryFilter=true', statuses: administrators(200) },
  ...asks(trees, '', ['schema', 'template', 'getIds']),
  ...ofOne(trees, 'One', journeyKind, 'One', tree),
  {
    ...{ method: 'POST', path: `${trees}/*`, rest: 'Login?_action=clone' },
    ...{ body: { newId: 'Copy' }, before: without(journeyKind, 'Copy') },
    statuses: administrators(201),
  },
  ...asks(nodes, '', ['nextdescendents', 'getAllTypes', 'getCreatableTypes', 'listLatestTypes']),
  {
    ...{ method: 'GET', path: `${nodes}/*`, rest: 'PageNode?_queryFilter=true' },
    statuses: administrators(200),
  },
  ...asks(`${nodes}/*`, 'PageNode', [
    ...['schema', 'template', 'nextdescendents', 'getType', 'versionInfo', 'listOutcomes'],
  ]),
  {
    ...{ method: 'POST', path: `${nodes}/*`, rest: 'InnerTreeEvaluatorNode?_action=create' },
    ...{ body: { _id: 'n', ...inner }, before: without(nodeKind, 'InnerTreeEvaluatorNode/n') },
    statuses: administrators(201),
  },
  ...ofOne(nodes, 'InnerTreeEvaluatorNode/n', nodeKind, 'InnerTreeEvaluatorNode/n', inner),
  { method: 'GET', path: '/scripts', rest: '?_queryFilter=true', statuses: administrators(200) },
  ...asks('/scripts', '', ['schema', 'template', 'validate'], { script: '' }),
  {
    ...{ method: 'POST', path: '/scripts', rest: '?_action=create', body: { _id: 's', ...script } },
    ...{ before: without(scriptKind, 's'), statuses: administrators(201) },
  },
  ...ofOne('/scripts', 's', scriptKind, 's', script),
]
