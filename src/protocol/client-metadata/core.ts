import { flag, oneOf, setting, whole } from '../setting.ts'
import { line, scope } from '../value/name.ts'
import { textsOf } from '../value/text.ts'
import { redirectUri } from '../value/uri-rule.ts'
import { mostEntries } from './most.ts'

const core = 'coreOAuth2ClientConfig'
const lifetime = whole(0, 2 ** 31)
const scopes = textsOf(scope, mostEntries)
const lines = textsOf(line, mostEntries)

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
  redirect_uris: setting(
    core,
    'redirectionUris',
    textsOf(redirectUri, mostEntries),
    [],
    'RFC 7591 §2. Compared as strings.',
  ),
  scopes: setting(
    core,
    'scopes',
    scopes,
    [],
    'Scopes the client may ask for: `name` or `name|locale|description`.',
  ),
  default_scopes: setting(
    core,
    'defaultScopes',
    scopes,
    [],
    'Scopes granted when none are asked for.',
  ),
  client_name: setting(core, 'clientName', lines, [], 'RFC 7591 §2. `name` or `locale|name`.'),
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
