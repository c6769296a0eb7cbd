import { anyState } from '../../src/config/kind.ts'
import { resourceKind } from '../../src/config/resource/resource.ts'
import { notes } from '../resource.ts'
import type { Asked, Row } from './index.ts'
import { administrators } from './statuses.ts'

const all = '/parapet/resources'
const rest = encodeURIComponent(notes)
const trial = { by: 'test', condition: anyState }
const make = ({ realm }: Asked): Promise<unknown> => resourceKind.save(realm, notes, {}, trial)
const take = ({ realm }: Asked): Promise<unknown> => resourceKind.remove(realm, notes, trial)

/** Of resources that tokens can be for. */
export const resourceRows: readonly Row[] = [
  { method: 'GET', path: all, rest: '?_queryFilter=true', statuses: administrators(200) },
  ...['schema', 'template'].map(
    (name): Row => ({
      method: 'POST',
      path: all,
      rest: `?_action=${name}`,
      statuses: administrators(200),
    }),
  ),
  {
    method: 'POST',
    path: all,
    rest: '?_action=create',
    body: { identifier: notes },
    before: take,
    statuses: administrators(201),
  },
  ...(['GET', 'PUT', 'DELETE'] as const).map((method): Row => {
    const body = method === 'PUT' ? { body: { everyClient: true } } : {}
    const statuses = administrators(200)
    return { method, path: `${all}/*`, rest, ...body, before: make, statuses }
  }),
]
