import type { Row } from './index.ts'
import { administrators, ownToo } from './statuses.ts'

/** Of sessions that are others', and of what users allowed. */
export const sessionRows: readonly Row[] = [
  {
    method: 'GET',
    path: '/sessions',
    rest: `?_queryFilter=${encodeURIComponent('username eq "x"')}`,
    statuses: administrators(200),
  },
  {
    method: 'POST',
    path: '/sessions',
    rest: '?_action=logoutByHandle',
    body: { sessionHandles: ['shandle:none'] },
    statuses: administrators(200),
  },
  {
    method: 'POST',
    path: '/sessions',
    rest: '?_action=logoutByUser',
    body: { username: 'x' },
    statuses: administrators(200),
  },
  {
    method: 'GET',
    path: '/users/*',
    rest: ({ owner }) => `${owner.sub}/oauth2/applications?_queryFilter=true`,
    statuses: ownToo(200, 200),
  },
  // There is none to withdraw, which is told to those who might.
  {
    method: 'DELETE',
    path: '/users/*',
    rest: ({ owner }) => `${owner.sub}/oauth2/applications/shop`,
    statuses: ownToo(404, 404),
  },
]
