import { flag, setting } from '../setting.ts'
import { detailsTypeName } from '../value/name.ts'
import { resourceIdentifier } from '../value/resource.ts'
import { textsOf } from '../value/text.ts'
import { mostEntries } from './most.ts'

const own = 'parapetClientConfig'

/** What the client may ask for beside scopes: resources of the realm (RFC 8707), and details (RFC 9396). */
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
  authorization_details_types: setting(
    own,
    'authorization_details_types',
    textsOf(detailsTypeName, mostEntries),
    [],
    'RFC 9396 §10: types of `authorization_details` that the client may use.',
  ),
  enableRichAuthorizationRequests: setting(
    'overrideOAuth2ClientConfig',
    'enableRichAuthorizationRequests',
    flag,
    false,
    'Whether the client may use `authorization_details`. RFC 9396.',
  ),
  introspected_resources: setting(
    own,
    'introspectedResources',
    textsOf(resourceIdentifier, 100),
    [],
    'RFC 7662 §4. Identifiers of resources it is the server of: it may introspect any client’s access tokens for these.',
  ),
} as const
