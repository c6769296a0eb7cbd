/**
 * environment: what tools of PingOne Advanced Identity Cloud ask of a tenant beside AM and IDM, answered as by
 * one that has nothing of it. For programs of administrators: never opened to web origins (C-28).
 */
import { isDeepStrictEqual } from 'node:util'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { administrationScopes } from '../../protocol/administration-scope.ts'
import { asAdministrator } from '../admin/administrator.ts'
import { administered } from '../managed/administered.ts'
import { crestError } from '../serve/crest.ts'
import { crestList } from '../serve/crest-query.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJson } from '../serve/json-body.ts'

const none: JsonObject = {
  pagedResultsCookie: null,
  remainingPagedResults: -1,
  result: [],
  resultCount: 0,
  totalPagedResults: -1,
  totalPagedResultsPolicy: 'NONE',
}

/** By what follows `/environment/`. */
const answers: Readonly<Record<string, (http: HttpRequest) => unknown>> = {
  info: ({ origin }) => ({
    domain_name: new URL(origin).hostname,
    environment_title: 'parapet',
    immutable: false,
    locked: false,
    region: '',
    tier: '',
  }),
  'scopes/service-accounts': () => Object.values(administrationScopes).map(described),
  variables: () => none,
  secrets: () => none,
  'cookie-domains': () => ({ domains: [] }),
  'content-security-policy/enforced': () => ({ active: false, directives: {} }),
  'content-security-policy/report-only': () => ({ active: false, directives: {} }),
  telemetry: () => ({}),
}

/** What a tenant has where this server has nothing, by the first name after `/environment/`: why it takes none of it. */
const elsewhere: Readonly<Record<string, string>> = {
  variables:
    'This server has no environment variables; scripts and nodes read those of the file that PARAPET_SCRIPT_VALUES names',
  secrets:
    'This server has no environment secrets; scripts read those of the file that PARAPET_SCRIPT_VALUES names',
  'cookie-domains': 'Cookies of this server are for its own host; it has no list of domains',
  'content-security-policy': 'Pages of this server have their own content security policy',
  telemetry: 'This server has no telemetry providers; metrics and spans are among its own settings',
  startup: 'This server has nothing to restart: what is written counts at once',
  promotion: 'This server is promoted to no other; apply its documents there',
}

function described(scope: string): JsonObject {
  return { scope, description: `Administration by ${scope}`, childScopes: [] }
}

/** Somebody puts what is there: it stays as it is. Anything else is taken by nobody, and said so. */
function answerTo(http: HttpRequest): HttpResponse {
  const answer = Object.hasOwn(answers, http.rest) ? answers[http.rest] : undefined
  if (http.method === 'GET')
    return answer === undefined ? absent(http, 404) : json(200, answer(http))
  const stays = http.method === 'PUT' && answer !== undefined
  if (stays && isDeepStrictEqual(readJson(http), answer(http))) return json(200, answer(http))
  return absent(http, 501)
}

function absent({ rest }: HttpRequest, status: 404 | 501): HttpResponse {
  const [first = ''] = rest.split('/')
  return crestError(status, Object.hasOwn(elsewhere, first) ? elsewhere[first] : undefined)
}

const shared = { errors: 'crest', cors: false, always: true } as const

/** For administrators of the root alone, as everything that is of a server as a whole. */
const environment: Endpoint = {
  ...shared,
  path: '/environment/*',
  under: 'root',
  methods: ['GET', 'PUT', 'POST', 'DELETE'],
  handle: (realm, http) => administered(realm, http, () => answerTo(http)),
}

/** Kinds of nodes that somebody designed (PingAM: node designer): there are none. */
const designed: Endpoint = {
  ...shared,
  path: '/node-designer/node-type',
  under: 'json',
  methods: ['GET'],
  handle: (realm, http) => asAdministrator(realm, http, () => crestList([])),
}

const notDesigned = 'This server has the kinds of nodes that it comes with; none are designed here'

const oneDesigned: Endpoint = {
  ...shared,
  path: '/node-designer/node-type/*',
  under: 'json',
  methods: ['GET', 'PUT'],
  handle: (realm, http) =>
    asAdministrator(realm, http, () => crestError(http.method === 'PUT' ? 501 : 404, notDesigned), [
      '1.0',
      '2.0',
    ]),
}

export const environments: readonly Endpoint[] = [environment, designed, oneDesigned]
