import { keptKind } from '../../src/config/kept/document.ts'
import { anyState } from '../../src/config/kind.ts'
import { serviceAccountKind } from '../../src/config/service-account.ts'
import type { Asked, Row } from './index.ts'
import { root } from './statuses.ts'

const all = '/managed/svcacct'
const id = '4f0c2b1e-5a0e-4f57-8d0d-6b1f7c3f9a22'
const trial = { by: 'test', condition: anyState }
const patch = [{ operation: 'replace', field: '/description', value: 'X' }]

async function make({ root: realm }: Asked): Promise<void> {
  await serviceAccountKind.save(realm, id, { name: 'made' }, trial)
}

const theme = 'openidm/config/ui/themerealm'
const takeTheme = (asked: Asked): Promise<unknown> => keptKind.remove(asked.root, theme, trial)
const makeTheme = (asked: Asked): Promise<unknown> =>
  keptKind.save(asked.root, theme, { realm: {} }, trial)

/** Of what PingIDM has beside them, which is only kept, or there is none of. */
export const idmRows: readonly Row[] = (
  [
    { method: 'GET', path: '/config', rest: '?_queryFilter=true', statuses: root(200) },
    { method: 'GET', path: '/config/*', rest: 'sync', statuses: root(200) },
    {
      method: 'PUT',
      path: '/config/*',
      rest: 'ui/themerealm',
      body: { realm: {} },
      before: takeTheme,
      statuses: root(201),
    },
    {
      method: 'DELETE',
      path: '/config/*',
      rest: 'ui/themerealm',
      before: makeTheme,
      statuses: root(200),
    },
    { method: 'GET', path: '/internal/role', rest: '?_queryFilter=true', statuses: root(200) },
    {
      method: 'GET',
      path: '/managed/application',
      rest: '?_queryFilter=true',
      statuses: root(200),
    },
  ] satisfies readonly Row[]
).map((row) => ({ ...row, managed: true }))

/** Of service accounts, all of which are the root's. */
export const serviceAccountRows: readonly Row[] = (
  [
    { method: 'GET', path: all, rest: '?_queryFilter=true', statuses: root(200) },
    {
      method: 'POST',
      path: all,
      rest: '?_action=create',
      body: { name: 'new' },
      statuses: root(201),
    },
    { method: 'GET', path: `${all}/*`, rest: id, before: make, statuses: root(200) },
    {
      method: 'PUT',
      path: `${all}/*`,
      rest: id,
      body: { name: 'new' },
      before: make,
      statuses: root(200),
    },
    { method: 'PATCH', path: `${all}/*`, rest: id, body: patch, before: make, statuses: root(200) },
    {
      method: 'POST',
      path: `${all}/*`,
      rest: `${id}?_action=patch`,
      body: patch,
      before: make,
      statuses: root(200),
    },
    { method: 'DELETE', path: `${all}/*`, rest: id, before: make, statuses: root(200) },
  ] satisfies readonly Row[]
).map((row) => ({ ...row, managed: true }))
