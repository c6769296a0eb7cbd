import type { Read } from '../setting.ts'
import { flag, reading, setting, text, texts } from '../setting.ts'
import { keeping, keptBefore } from '../unserved.ts'
import { grantType, line, responseType } from '../value/name.ts'
import { orNone, textOf, textsOf } from '../value/text.ts'
import { link, requestUri, webUri } from '../value/uri-rule.ts'
import { mostEntries } from './most.ts'

const advanced = 'advancedOAuth2ClientConfig'
const lines = textsOf(line, mostEntries)
const links = textsOf(link, mostEntries)

/** PingAM writes `[Empty]` where nothing was chosen from a list. */
const journey: Read<string> = reading('text', { type: 'string' }, (v) =>
  v === '[Empty]' ? '' : text(v),
)

/** PingAM's console writes `public`, its older exports `Public`. */
const subjectType: Read<'public' | 'pairwise'> = reading(
  'one of "public", "pairwise"',
  { enum: ['public', 'Public', 'pairwise', 'Pairwise'] },
  (v) =>
    v === 'public' || v === 'Public'
      ? 'public'
      : v === 'pairwise' || v === 'Pairwise'
        ? 'pairwise'
        : undefined,
)

/** How the client goes about asking. */
export const advancedMetadata = {
  require_pushed_authorization_requests: setting(
    advanced,
    'require_pushed_authorization_requests',
    flag,
    false,
    'RFC 9126 §6.',
  ),
  request_uris: setting(
    advanced,
    'requestUris',
    textsOf(requestUri, mostEntries),
    [],
    'OIDC Registration §2.',
  ),
  grant_types: setting(
    advanced,
    'grantTypes',
    textsOf(grantType, mostEntries),
    ['authorization_code'],
    'RFC 7591 §2.',
  ),
  response_types: setting(
    advanced,
    'responseTypes',
    textsOf(responseType, mostEntries),
    [
      'code',
      'token',
      'id_token',
      'code token',
      'token id_token',
      'code id_token',
      'code token id_token',
      'device_code',
      'device_code id_token',
    ],
    'RFC 7591 §2.',
  ),
  token_endpoint_auth_method: setting(
    advanced,
    'tokenEndpointAuthMethod',
    text,
    'client_secret_basic',
    'RFC 7591 §2.',
  ),
  isConsentImplied: setting(
    advanced,
    'isConsentImplied',
    flag,
    false,
    'No consent page, if the realm lets clients skip it.',
  ),
  subject_type: keptBefore(
    setting(advanced, 'subjectType', subjectType, 'public', 'OIDC Core §8.'),
    'user',
  ),
  sector_identifier_uri: keeping(
    setting(
      advanced,
      'sectorIdentifierUri',
      textOf(orNone(webUri)),
      '',
      'OIDC Registration §5. Its host is the sector of pairwise subjects, and what it lists belongs there.',
    ),
    { stops: 'user', when: ({ subjectType: kind }) => kind === 'pairwise' || kind === 'Pairwise' },
  ),
  javascriptOrigins: setting(
    advanced,
    'javascriptOrigins',
    lines,
    [],
    'Web origins of the client.',
  ),
  display_names: setting(
    advanced,
    'name',
    lines,
    [],
    'What the consent page calls the client: `name` or `locale|name`.',
  ),
  descriptions: setting(
    advanced,
    'descriptions',
    lines,
    [],
    'What the consent page says of the client: `text` or `locale|text`.',
  ),
  contacts: setting(advanced, 'contacts', lines, [], 'RFC 7591 §2.'),
  software_id: setting(advanced, 'softwareIdentity', text, '', 'RFC 7591 §2.'),
  software_version: setting(advanced, 'softwareVersion', text, '', 'RFC 7591 §2.'),
  logo_uri: setting(advanced, 'logoUri', links, [], 'RFC 7591 §2.'),
  policy_uri: setting(advanced, 'policyUri', links, [], 'RFC 7591 §2.'),
  tos_uri: setting(advanced, 'tosURI', links, [], 'RFC 7591 §2.'),
  client_uri: setting(
    advanced,
    'clientUri',
    links,
    [],
    'RFC 7591 §2. Where error pages link back to.',
  ),
  customProperties: keeping(
    setting(
      advanced,
      'customProperties',
      texts,
      [],
      'What scripts of tokens find in `clientProperties`: `key=value`, `map[key]=value`, `list[0]=value`.',
    ),
    { stops: 'nothing' },
  ),
  treeName: keeping(
    setting(advanced, 'treeName', journey, '', 'Journey that logs this client’s users in.'),
    { stops: 'user', keeps: (v) => typeof v === 'string' && line.wrong(v) === undefined },
  ),
} as const
