import { anyState } from '../../src/config/kind.ts'
import { userKind } from '../../src/config/user.ts'
import type { Asked, Row } from './index.ts'
import { administrators, ownToo } from './statuses.ts'

const users = '/users'

const itsId = ({ owner }: Asked): string => owner.sub
const actionOf =
  (name: string) =>
  ({ owner }: Asked): string =>
    `${owner.sub}?_action=${name}`

const trial = { by: 'test', condition: anyState }
const makeUser = ({ realm }: Asked): Promise<unknown> => userKind.save(realm, 'new', {}, trial)
const takeUser = ({ realm }: Asked): Promise<unknown> => userKind.remove(realm, 'new', trial)

/** Of accounts. */
export const userRows: readonly Row[] = [
  { method: 'GET', path: users, rest: '?_queryFilter=true', statuses: administrators(200) },
  {
    method: 'POST',
    path: users,
    rest: '?_action=create',
    body: { username: 'new' },
    before: takeUser,
    statuses: administrators(201),
  },
  {
    method: 'POST',
    path: users,
    rest: '?_action=idFromSession',
    statuses: [401, 200, 200, 200, 200, 200, 200, 200],
  },
  { method: 'GET', path: `${users}/*`, rest: itsId, statuses: ownToo(200, 200) },
  {
    method: 'PUT',
    path: `${users}/*`,
    rest: itsId,
    body: { nickname: 'Dee' },
    statuses: ownToo(200, 200),
  },
  {
    method: 'PUT',
    path: `${users}/*`,
    rest: itsId,
    body: { inetUserStatus: 'Active' },
    statuses: ownToo(403, 200),
  },
  // Nobody gives a role they do not have: the realm's own and those above have it.
  {
    method: 'PUT',
    path: `${users}/*`,
    rest: 'new',
    body: { roles: ['admin'] },
    before: async (asked) => [await takeUser(asked), await makeUser(asked)],
    statuses: administrators(200),
  },
  {
    method: 'PATCH',
    path: `${users}/*`,
    rest: itsId,
    body: [{ operation: 'replace', field: '/nickname', value: 'Dee' }],
    statuses: administrators(200),
  },
  {
    method: 'POST',
    path: `${users}/*`,
    rest: actionOf('changePassword'),
    body: {},
    statuses: [401, 400, 403, 403, 403, 403, 403, 403],
  },
  {
    method: 'DELETE',
    path: `${users}/*`,
    rest: 'new',
    before: makeUser,
    statuses: administrators(200),
  },
]
