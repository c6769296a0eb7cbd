/**
 * environment: what tools of PingOne Advanced Identity Cloud ask of a tenant beside AM and IDM, answered as by
 * one that has nothing of it. For programs of administrators: never opened to web origins (C-28).
 */
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { administrationScopes } from '../../protocol/administration-scope.ts'
import { asAdministrator } from '../admin/administrator.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'

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
}

function described(scope: string): JsonObject {
  return { scope, description: `Administration by ${scope}`, childScopes: [] }
}

/** For administrators of the root alone, as everything that is of a server as a whole. */
export const environment: Endpoint = {
  path: '/environment/*',
  under: 'root',
  methods: ['GET'],
  errors: 'crest',
  cors: false,
  always: true,
  handle: (realm, http) => {
    const answer = Object.hasOwn(answers, http.rest) ? answers[http.rest] : undefined
    const work = (): HttpResponse =>
      answer === undefined ? crestError(404) : json(200, answer(http))
    return asAdministrator(realm, http, work)
  },
}
