/** What is asked for in the tests of response types, and what holds for every answer. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import type { Page } from 'playwright-core'
import type { RelyingParty } from './relying-party.ts'
import { parametersOf } from './relying-party.ts'

export interface TypeRow {
  readonly response_type: string
  /** OpenID Connect where `openid` is among them, else OAuth 2.0. */
  readonly scope: string
  /** Absent: the type's own. */
  readonly response_mode?: 'query' | 'fragment' | 'form_post'
  /** alpha wants PKCE wherever there is a code, bravo never. */
  readonly realm: 'alpha' | 'bravo'
}

const [oauth, oidc] = ['write', 'openid email']

export const typeRows: readonly TypeRow[] = [
  { realm: 'alpha', response_type: 'code', scope: oauth },
  { realm: 'bravo', response_type: 'code', scope: oauth },
  { realm: 'bravo', response_type: 'code', scope: oidc, response_mode: 'query' },
  { realm: 'alpha', response_type: 'code', scope: oidc, response_mode: 'form_post' },
  { realm: 'bravo', response_type: 'code', scope: oidc, response_mode: 'fragment' },
  { realm: 'bravo', response_type: 'token', scope: oauth },
  { realm: 'alpha', response_type: 'token', scope: oauth, response_mode: 'form_post' },
  { realm: 'alpha', response_type: 'id_token', scope: oidc },
  { realm: 'bravo', response_type: 'id_token', scope: oidc, response_mode: 'form_post' },
  { realm: 'bravo', response_type: 'token id_token', scope: oidc },
  { realm: 'alpha', response_type: 'id_token token', scope: oidc, response_mode: 'fragment' },
  { realm: 'alpha', response_type: 'code token', scope: oauth },
  { realm: 'bravo', response_type: 'code token', scope: oidc },
  { realm: 'alpha', response_type: 'code id_token', scope: oidc },
  { realm: 'bravo', response_type: 'code id_token', scope: oidc, response_mode: 'form_post' },
  { realm: 'bravo', response_type: 'code token id_token', scope: oidc, response_mode: 'fragment' },
  { realm: 'alpha', response_type: 'code token id_token', scope: oidc, response_mode: 'form_post' },
]

/** `code id_token, OpenID Connect, form_post, bravo`. */
export function nameOf({ response_type, scope, response_mode, realm }: TypeRow): string {
  const protocol = scope.includes('openid') ? 'OpenID Connect' : 'OAuth 2.0'
  return [response_type, protocol, response_mode ?? 'own mode', realm].join(', ')
}

export function has(row: TypeRow, part: 'code' | 'token' | 'id_token' | 'openid'): boolean {
  return `${row.response_type} ${row.scope}`.split(' ').includes(part)
}

/**
 * What came back, in the place it was asked for, with exactly what the response type promises
 * (OAuth 2.0 Multiple Response Types §3, §5).
 */
export async function landing(
  party: RelyingParty,
  page: Page,
  row: TypeRow,
): Promise<{ readonly arrival: URL | Request; readonly parameters: URLSearchParams }> {
  const arrival = await party.arrival(page)
  const mode = row.response_mode ?? (row.response_type === 'code' ? 'query' : 'fragment')
  const place = !(arrival instanceof URL) ? 'form_post' : arrival.hash ? 'fragment' : 'query'
  assert.equal(place, mode)
  const parameters = await parametersOf(arrival)
  assert.equal(parameters.has('code'), has(row, 'code'))
  assert.equal(parameters.has('access_token'), has(row, 'token'))
  assert.equal(parameters.has('id_token'), has(row, 'id_token'))
  if (has(row, 'token')) assert.equal(parameters.get('token_type'), 'Bearer')
  return { arrival, parameters }
}

/** OIDC Core §3.3.2.11: the ID token from the browser names what came along with it. */
export function assertHashes(parameters: URLSearchParams): void {
  const id_token = parameters.get('id_token')
  if (id_token === null) return
  const claims = JSON.parse(atob(id_token.split('.')[1] ?? '')) as Record<string, unknown>
  const pairs = { at_hash: 'access_token', c_hash: 'code', s_hash: 'state' }
  for (const [claim, name] of Object.entries(pairs)) {
    const value = parameters.get(name)
    const half = value === null ? undefined : hash('sha256', value, 'buffer').subarray(0, 16)
    assert.equal(claims[claim], half?.toString('base64url'), claim)
  }
}
