import type { All, Changing } from './form.ts'
import { someOf } from './form.ts'
import type { CodeState, Grant, RefreshState, TokenState } from './record.ts'

/** A grant as it is stored: see `record-form.ts`. */
export type GrantForm = readonly [
  sub: string,
  username: string,
  grant_type: string,
  sid: string,
  auth_time: number,
  scope: readonly string[],
  tokens: readonly TokenForm[],
  last: number,
  code: CodeForm | null,
  refresh: RefreshForm | null,
  rest: Partial<GrantRest> | null,
  epoch?: number,
]

type GrantRest = Omit<
  Grant,
  | 'epoch'
  | 'sub'
  | 'username'
  | 'grant_type'
  | 'sid'
  | 'auth_time'
  | 'scope'
  | 'tokens'
  | 'last'
  | 'code'
  | 'refresh'
>

export function grantForm(grant: Grant): GrantForm {
  const { acr, nonce, s_hash, claims, code, refresh } = grant
  const rest: All<GrantRest> = { acr, nonce, s_hash, claims }
  return [
    grant.sub,
    grant.username,
    grant.grant_type,
    grant.sid,
    grant.auth_time,
    grant.scope,
    grant.tokens.map(tokenForm),
    grant.last,
    code === undefined ? null : codeForm(code),
    refresh === undefined ? null : refreshForm(refresh),
    someOf(rest),
    grant.epoch,
  ]
}

export function grantOf(form: GrantForm): Grant {
  const [sub, username, grant_type, sid, auth_time, scope, tokens, last, code, refresh, rest] = form
  const grant: Changing<Grant> = {
    sub,
    username,
    epoch: form[11] ?? 0,
    grant_type,
    sid,
    auth_time,
    scope,
    tokens: tokens.map(tokenOf),
    last,
  }
  if (code !== null) grant.code = codeOf(code)
  if (refresh !== null) grant.refresh = refreshOf(refresh)
  return rest === null ? grant : Object.assign(grant, rest)
}

type CodeForm = readonly [
  by: number,
  tries: number,
  redirect_uri_sent: boolean,
  challenge?: string | null,
  method?: 'S256' | 'plain' | null,
  response_type?: string,
  signed?: boolean,
]

/** Most are of response type `code`, by a request that was not signed: nothing is written of that. */
function codeForm(code: CodeState): CodeForm {
  const { by, tries, redirect_uri_sent, challenge, method, response_type, signed } = code
  if (response_type !== 'code' || signed) {
    const pkce = [challenge ?? null, method ?? null] as const
    return [by, tries, redirect_uri_sent, ...pkce, response_type, signed]
  }
  return challenge === undefined
    ? [by, tries, redirect_uri_sent]
    : [by, tries, redirect_uri_sent, challenge, method ?? null]
}

function codeOf(form: CodeForm): CodeState {
  const [by, tries, redirect_uri_sent, challenge, method, response_type, signed] = form
  const code: Changing<CodeState> = {
    by,
    tries,
    redirect_uri_sent,
    response_type: response_type ?? 'code',
    signed: signed ?? false,
  }
  if (challenge != null) code.challenge = challenge
  if (method != null) code.method = method
  return code
}

type RefreshForm = readonly [n: number, by: number, rotated_at: number]

function refreshForm({ n, by, rotated_at }: RefreshState): RefreshForm {
  return [n, by, rotated_at]
}

function refreshOf([n, by, rotated_at]: RefreshForm): RefreshState {
  return { n, by, rotated_at }
}

type TokenForm = readonly [
  n: number,
  iat: number,
  by: number,
  scope?: readonly string[] | undefined,
]

function tokenForm({ n, iat, by, scope }: TokenState): TokenForm {
  return scope === undefined ? [n, iat, by] : [n, iat, by, scope]
}

function tokenOf([n, iat, by, scope]: TokenForm): TokenState {
  return scope === undefined ? { n, iat, by } : { n, iat, by, scope }
}
