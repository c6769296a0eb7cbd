import type { JsonObject } from '../../base/json.ts'
import { clientKind } from '../../config/client.ts'
import { clientAttributes, overrideSection } from '../../protocol/client-metadata.ts'
import { showDocument } from '../../protocol/document.ts'
import type { View } from '../serve/resource.ts'

const _type = { _id: 'OAuth2Client', name: 'OAuth2 Clients', collection: true }

/** Values in lists are plain, in a resource read alone they are wrapped. */
export const clientView: View = {
  kind: clientKind,
  listed: ({ value }) => ({ ...clientKind.show(value), _type }),
  alone: ({ value }) => ({ ...wrapped(value), _type }),
  counted: true,
}

function wrapped(value: JsonObject): JsonObject {
  return showDocument(clientAttributes, value, (section) =>
    inherits(section) ? 'wrapped' : 'plain',
  )
}

/** The overrides are the client's own, no group has any. */
export function inherits(section: string): boolean {
  return section !== overrideSection
}
