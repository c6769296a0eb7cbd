import { groupKind } from '../../src/config/group.ts'
import { anyState } from '../../src/config/kind.ts'
import type { Asked, Row } from './index.ts'
import { administrators, ownToo } from './statuses.ts'

const trial = { by: 'test', condition: anyState }
const makeGroup = ({ realm }: Asked): Promise<unknown> => groupKind.save(realm, 'staff', {}, trial)
const takeGroup = ({ realm }: Asked): Promise<unknown> => groupKind.remove(realm, 'staff', trial)

/** Of groups, and of who is in them. */
export const groupRows: readonly Row[] = [
  { method: 'GET', path: '/groups', rest: '?_queryFilter=true', statuses: administrators(200) },
  {
    method: 'POST',
    path: '/groups',
    rest: '?_action=create',
    body: { username: 'staff' },
    before: takeGroup,
    statuses: administrators(201),
  },
  ...(['GET', 'PUT', 'DELETE'] as const).map((method): Row => {
    const body = method === 'PUT' ? { body: {} } : {}
    const statuses = administrators(200)
    return { method, path: '/groups/*', rest: 'staff', ...body, before: makeGroup, statuses }
  }),
  {
    method: 'GET',
    path: '/users/*',
    rest: ({ owner }) => `${owner.sub}/groups?_queryFilter=true`,
    statuses: ownToo(200, 200),
  },
  {
    method: 'POST',
    path: '/users/*',
    rest: ({ owner }) => `${owner.sub}/groups?_action=updateMemberships`,
    body: { groups: ['staff'] },
    before: makeGroup,
    statuses: administrators(200),
  },
]
