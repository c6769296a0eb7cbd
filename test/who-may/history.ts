import type { Row } from './index.ts'
import { administrators } from './statuses.ts'

/** Of what nobody made, which is not found: who may not ask hears that first. */
export const historyRows: readonly Row[] = [
  {
    method: 'POST',
    path: '/parapet',
    rest: '?_action=explain',
    body: { request: 'nothing-of-that-name' },
    statuses: administrators(404),
  },
  { method: 'GET', path: '/parapet/compliance', statuses: administrators(200) },
  {
    method: 'POST',
    path: '/parapet/compliance',
    rest: '?_action=reset',
    statuses: administrators(200),
  },
  {
    method: 'POST',
    path: '/parapet/lint',
    body: { registration: {} },
    statuses: administrators(200),
  },
]
