/** Pages of what goes over the wire: parameters, errors, profiles. */
import { refuseUnsupported } from '../../src/authorization/request.ts'
import {
  authorizationRequest,
  clientAuthenticationParameters,
} from '../../src/protocol/authorization-request.ts'
import { errors, OAuthError } from '../../src/protocol/error.ts'
import type { Parameter } from '../../src/protocol/parameter.ts'
import { profiles } from '../../src/protocol/profile.ts'
import { responseTypes } from '../../src/protocol/response-type.ts'
import { code, codes, page, table, value } from './markdown.ts'
import { sourceText } from './source-text.ts'

/** `parameters.md`: the authorization request. */
export function parametersPage(): string {
  const rows = Object.entries<Parameter<unknown>>(authorizationRequest).map(([name, row]) => [
    code(name),
    row.spec,
    code(row.error ?? 'invalid_request'),
    code(refusalOf(name)),
  ])
  const types = responseTypes.map((type) => [
    code(type.name),
    codes(type.issues),
    code(type.default_mode),
    codes(type.grants),
    type.nonce_required ? 'yes' : '',
  ])
  return page(
    'Parameters of an authorization request',
    'src/protocol/authorization-request.ts and src/protocol/response-type.ts',
    'The same for `/par` and `/authorize`. An empty value counts as absent, an unknown name is ignored, a name that comes twice is refused with `invalid_request` (only `resource` and `audience` may repeat).',
    table(['Parameter', 'From', 'When malformed', 'Not served: refused with'], rows),
    `Beside them stand ${codes([...clientAuthenticationParameters])}: who is asking, and the proof.`,
    '## Response types',
    'The order of the words does not matter. A client must be registered for the type and for the grant types named; `none` needs neither.',
    table(
      ['Response type', 'Issues', 'Default response mode', 'Grant types', 'Nonce needed'],
      types,
    ),
  )
}

/** The error a parameter is refused with whatever it says; empty for those that are served. */
function refusalOf(name: string): string {
  try {
    refuseUnsupported({ [name]: 'x' })
    return ''
  } catch (error) {
    if (error instanceof OAuthError) return error.code
    throw error
  }
}

/** `errors.md`: every code, with the status it has in a JSON answer. */
export function errorsPage(): string {
  const rows = Object.entries(errors).map(([name, { status, spec }]) => [
    code(name),
    String(status),
    spec,
  ])
  return page(
    'Errors',
    'src/protocol/error.ts',
    'Programs get `{"error_description": …, "error": …}` with the status below; below `/am/json` AM’s `{"code": …, "reason": …, "message": …}`. At `/authorize` the user gets a page as long as it is not proven where the client is; from there on the client gets the error in its response mode. `invalid_client` is 401 with a challenge when an `Authorization` header was sent, and else as the profile says.',
    table(['Code', 'Status', 'From'], rows),
  )
}

/** `profiles.md`: one column for each profile. */
export function profilesPage(): string {
  const switches = Object.keys(profiles.ping).filter((name) => name !== 'name')
  const about = comments()
  const rows = switches.map((name) => [
    code(name),
    ...Object.values(profiles).map((profile) => value(profile[name as keyof typeof profile])),
    about.get(name) ?? '',
  ])
  return page(
    'Profiles',
    'src/protocol/profile.ts',
    'A profile is what a client is held to: one row of switches. A realm has one (`parapetConfig.profile`), a client may have another (`parapetClientConfig.profile`).',
    table(['Switch', ...Object.keys(profiles).map(code), 'What it is'], rows),
  )
}

/** What the interface says of each switch. */
function comments(): ReadonlyMap<string, string> {
  const rows = sourceText('src/protocol/profile.ts').matchAll(
    /\/\*\* ([^*]*) \*\/\n {2}readonly (\w+):/g,
  )
  return new Map([...rows].map(([, text = '', name = '']) => [name, text]))
}
