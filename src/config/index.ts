import { remoteConsentKind } from './agent/remote-consent.ts'
import { authenticationKind } from './authentication/authentication.ts'
import { clientKind } from './client.ts'
import { consentKind } from './consent.ts'
import { detailsTypeKind } from './details/details-type.ts'
import { groupKind } from './group.ts'
import { nodeKind } from './journey/node.ts'
import { scriptKind } from './journey/script.ts'
import { journeyKind } from './journey/tree.ts'
import { keptKind } from './kept/document.ts'
import { keyKind } from './key.ts'
import type { Kind } from './kind.ts'
import { oauth2ProviderKind } from './oauth2-provider.ts'
import { realmKind } from './realm.ts'
import { resourceKind } from './resource/resource.ts'
import { serviceAccountKind } from './service-account.ts'
import { sessionKind } from './session.ts'
import { userKind } from './user.ts'

/** Every kind of object an operator manages, in the order in which they may be made: each needs only what stands before it. */
export const kinds: readonly Kind[] = [
  realmKind,
  scriptKind,
  nodeKind,
  journeyKind,
  authenticationKind,
  oauth2ProviderKind,
  resourceKind,
  remoteConsentKind,
  detailsTypeKind,
  clientKind,
  groupKind,
  userKind,
  serviceAccountKind,
  sessionKind,
  consentKind,
  keyKind,
  keptKind,
]
