import { setting } from '../setting.ts'
import { resourceIdentifier } from '../value/resource.ts'
import { textsOf } from '../value/text.ts'

const own = 'parapetClientConfig'

/** Which resources of the realm the client has to do with (RFC 8707); PingAM has no word for it. */
export const resourceMetadata = {
  resources: setting(
    own,
    'resources',
    textsOf(resourceIdentifier, 100),
    [],
    'RFC 8707 §2. Identifiers of resources it may ask for (`resource`), beside those that are for every client.',
  ),
  default_resources: setting(
    own,
    'defaultResources',
    textsOf(resourceIdentifier, 20),
    [],
    'RFC 8707 §2. What its tokens are for where a request names no resource; empty: no resource in particular.',
  ),
} as const
