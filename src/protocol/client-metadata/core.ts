import { flag, oneOf, setting, texts, whole } from '../setting.ts'

const core = 'coreOAuth2ClientConfig'
const lifetime = whole(0, 2 ** 31)

/** Who the client is and what it may ask for. */
export const coreMetadata = {
  status: setting(
    core,
    'status',
    oneOf('Active', 'Inactive'),
    'Active',
    'Inactive clients are refused everywhere.',
  ),
  clientType: setting(
    core,
    'clientType',
    oneOf('Confidential', 'Public'),
    'Confidential',
    'Public clients never authenticate.',
  ),
  redirect_uris: setting(core, 'redirectionUris', texts, [], 'RFC 7591 §2. Compared as strings.'),
  scopes: setting(
    core,
    'scopes',
    texts,
    [],
    'Scopes the client may ask for: `name` or `name|locale|description`.',
  ),
  default_scopes: setting(
    core,
    'defaultScopes',
    texts,
    [],
    'Scopes granted when none are asked for.',
  ),
  client_name: setting(core, 'clientName', texts, [], 'RFC 7591 §2. `name` or `locale|name`.'),
  authorizationCodeLifetime: setting(
    core,
    'authorizationCodeLifetime',
    lifetime,
    0,
    'Seconds; 0: the realm decides.',
  ),
  accessTokenLifetime: setting(
    core,
    'accessTokenLifetime',
    lifetime,
    0,
    'Seconds; 0: the realm decides.',
  ),
  refreshTokenLifetime: setting(
    core,
    'refreshTokenLifetime',
    whole(-1, 2 ** 31),
    0,
    'Seconds; 0: the realm decides; -1: never expires.',
  ),
  loopbackInterfaceRedirection: setting(
    core,
    'loopbackInterfaceRedirection',
    flag,
    false,
    'RFC 8252 §7.3: any port on loopback addresses.',
  ),
} as const
