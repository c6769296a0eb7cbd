import { remoteConsentKind, showRemoteConsent } from '../../../config/agent/remote-consent.ts'
import type { View } from '../../serve/resource.ts'

const _type = {
  _id: 'RemoteConsentAgent',
  name: 'OAuth2 Remote Consent Service',
  collection: true,
}

/** Values in lists are plain, in a resource read alone they are wrapped. */
export const remoteConsentView: View = {
  kind: remoteConsentKind,
  listed: ({ value }) => ({ ...showRemoteConsent(value), _type }),
  alone: ({ value }) => ({ ...showRemoteConsent(value, 'wrapped'), _type }),
  counted: true,
}
