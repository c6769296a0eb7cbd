import { detailsTypeKind } from '../../src/config/details/details-type.ts'
import { anyState } from '../../src/config/kind.ts'
import type { Asked, Row } from './index.ts'
import { administrators } from './statuses.ts'

const trial = { by: 'test', condition: anyState }
const path = '/parapet/authorization-details-types'
const make = ({ realm }: Asked): Promise<unknown> =>
  detailsTypeKind.save(realm, 'payment', {}, trial)
const take = ({ realm }: Asked): Promise<unknown> => detailsTypeKind.remove(realm, 'payment', trial)

/** Of types of authorization details. */
export const detailsRows: readonly Row[] = [
  { method: 'GET', path, rest: '?_queryFilter=true', statuses: administrators(200) },
  ...(['schema', 'template'] as const).map(
    (action): Row => ({
      method: 'POST',
      path,
      rest: `?_action=${action}`,
      body: {},
      statuses: administrators(200),
    }),
  ),
  {
    method: 'POST',
    path,
    rest: '?_action=create',
    body: { type: 'payment' },
    before: take,
    statuses: administrators(201),
  },
  ...(['GET', 'PUT', 'DELETE'] as const).map((method): Row => {
    const body = method === 'PUT' ? { body: {} } : {}
    const statuses = administrators(200)
    return { method, path: `${path}/*`, rest: 'payment', ...body, before: make, statuses }
  }),
]
