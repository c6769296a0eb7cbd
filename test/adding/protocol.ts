import type { Change } from './change.ts'
import { at, behind, both, listed, written } from './change.ts'

/** What clients meet, by what the table calls it: a tiny one of each, and every file that has to know of it. */
export const inProtocol: Readonly<Record<string, readonly Change[]>> = {
  'an endpoint': [
    {
      ...at('src/endpoint/<room>/<name>.ts', 'oauth', 'echo'),
      edit: written(`
import { json } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import { findClient } from '../../client/client.ts'
import { termsOf } from '../../client/terms.ts'
import { findRecord } from '../../grant/find-record.ts'
import { pushedHandle } from '../../grant/handle.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/** Tells what was kept of a pushed request. */
export const echo: Endpoint = {
  path: '/echo',
  under: 'oauth2',
  methods: ['GET'],
  errors: 'oauth',
  cors: false,
  metadata: (url) => ({ echo_endpoint: url }),
  async handle(realm, http) {
    const handle = pushedHandle(new URLSearchParams(http.query).get('request_uri') ?? '')
    const found = handle === undefined ? 'unknown' : await findRecord(realm, 'request_uri', handle)
    if (typeof found === 'string' || found.record.state !== 'pushed')
      throw new OAuthError('no_echo', 'There is nothing to say back.', { why: 'echo-unknown' })
    const { client_id, request } = found.record
    event('echo.made', { client_id }, 'alarm')
    const client = await findClient(realm, client_id)
    const loudness = client && termsOf(realm, client).loudness
    return json(200, { mood: request.mood, tempo: request.tempo, loudness })
  },
}
`),
    },
    { ...at('src/endpoint/index.ts'), edit: listed('echo', './oauth/echo.ts', 'protocol') },
  ],
  'a way clients authenticate': [
    {
      ...at('src/client/method/<name>.ts', 'password-of-the-day'),
      edit: written(`
import type { Method } from './method.ts'

/** A word that was agreed. */
export const passwordOfTheDay: Method = {
  name: 'password_of_the_day',
  announcedBy: [{ field: 'word' }],
  presented: (_http, form) => ({ client_id: form.get('client_id'), proof: form.get('word') ?? '' }),
  verify: (_realm, client, { proof }) =>
    proof === client.wordOfTheDay ? {} : { why: 'client-credentials-missing' },
}
`),
    },
    {
      ...at('src/client/method/index.ts'),
      edit: listed('passwordOfTheDay', './password-of-the-day.ts', 'provingMethods'),
    },
  ],
  'a kind of binding': [
    {
      ...at('src/binding/binding.ts'),
      edit: behind(/^const kinds = \{/, "wax: { token_type: 'DPoP', member: 'jkt' },"),
    },
    {
      ...at('src/binding/<name>.ts', 'wax'),
      edit: written(`
import type { Proof } from './proof.ts'

/** A seal that is told by itself. */
export const wax: Proof = {
  header: 'wax',
  prove: () => ({ binding: { kind: 'wax', token_type: 'DPoP', cnf: { jkt: 'a seal' } } }),
}
`),
    },
    { ...at('src/binding/proof.ts'), edit: listed('wax', './wax.ts', 'proofs') },
  ],
  'a response mode': [
    {
      ...at('src/authorization/response-mode/<name>.ts', 'matrix'),
      edit: written(`
import { encodeForm } from '../../base/form.ts'
import type { ResponseMode } from './response-mode.ts'

/** Behind a semicolon. */
export const matrix = {
  tokens: true,
  carry: (redirect_uri, parameters) => ({ location: \`\${redirect_uri};\${encodeForm(parameters)}\` }),
} as const satisfies ResponseMode
`),
    },
    {
      ...at('src/authorization/response-mode/index.ts'),
      edit: listed('matrix', './matrix.ts', 'responseModes'),
    },
    {
      ...at('src/protocol/authorization-request.ts'),
      edit: behind(/^ {2}response_mode: \{[^}]*?word\(/, "'matrix', "),
    },
  ],
  'a grant type': [
    {
      ...at('src/token/grant-type/<name>.ts', 'for-the-asking'),
      edit: written(`
import { clientCredentials } from './client-credentials.ts'
import type { GrantType } from './grant-type.ts'

/** Whoever asks gets what a client gets. */
export const forTheAsking: GrantType = {
  name: 'for_the_asking',
  grant: (realm, request) => clientCredentials.grant(realm, request),
}
`),
    },
    {
      ...at('src/token/grant-type/index.ts'),
      edit: listed('forTheAsking', './for-the-asking.ts', 'grantTypes'),
    },
    {
      ...at('src/protocol/grant-type.ts'),
      edit: behind(/^export const grantTypes = \[/, "'for_the_asking', "),
    },
  ],
  'a parameter that is kept as it was sent': [
    {
      ...at('src/protocol/authorization-request.ts'),
      edit: behind(
        /^export const authorizationRequest = \{/,
        "mood: { spec: 'no document', read: bounded(16), kept: 'as sent' },",
      ),
    },
  ],
  'a parameter that a rule decides': [
    {
      ...at('src/protocol/authorization-request.ts'),
      edit: both(
        behind(
          /^export const authorizationRequest = \{/,
          "tempo: { spec: 'no document', read: bounded(16), kept: 'decided' },",
        ),
        behind(/^interface Decided .*\{/, 'readonly tempo?: string;'),
      ),
    },
    {
      ...at('src/authorization/request.ts'),
      edit: behind(/^ {2}const told: Told = \{/, 'tempo: parameters.tempo?.toUpperCase(),'),
    },
    {
      ...at('src/authorization/revalidate.ts'),
      edit: behind(/^ {2}const told: Told = \{/, 'tempo: request.tempo,'),
    },
    {
      ...at('src/grant/codec.ts'),
      edit: behind(/^ {6}\{ name: 'acr_essential', absent: false \},/, "'tempo',"),
    },
    { ...at('test/parameter-values.ts'), edit: behind(/^const values: .*\{/, "tempo: 'fast',") },
    {
      ...at('src/grant/codec.test.ts'),
      edit: behind(/^const fullRequest: .*\{/, "tempo: 'fast',"),
    },
  ],
  'an error code': [
    {
      ...at('src/protocol/error.ts'),
      edit: behind(
        /^export const errors = \{/,
        "no_echo: { status: 418, spec: 'RFC 2324 §2.3.2' },",
      ),
    },
    {
      ...at('src/page/error.ts'),
      edit: behind(/^const textOf: .*\{/, "no_echo: 'request',"),
    },
  ],
}
