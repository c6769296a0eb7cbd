import { unservedObjects } from '../../config/kept/list.ts'
import { asAdministrator } from '../admin/administrator.ts'
import { listThose } from '../admin/collection/list-those.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/** What a realm holds that is kept and not served (C-39), object by object; no endpoint of PingAM's. */
export const unserved: Endpoint = {
  under: 'json',
  path: '/parapet/unserved',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  always: true,
  handle: (realm, http) =>
    asAdministrator(realm, http, async () => {
      const found = await unservedObjects(realm)
      return listThose(realm, http, {
        name: 'unserved',
        entries: found.map(({ kind, id, attributes }) => ({
          _id: id === '' ? kind : `${kind}/${id}`,
          kind,
          id,
          attributes: attributes.map((each) => ({ ...each })),
        })),
      })
    }),
}
