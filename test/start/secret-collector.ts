import { elements } from '../html-tree.ts'
import type { Answer, Sent, Wire } from '../wire.ts'

/** What went over the wire and opens something, proves something or is of a person, by what it was called there. */
export interface Collected {
  readonly secrets: ReadonlyMap<string, string>
  add(name: string, value: string): void
}

/** Shorter values stand in many bytes by chance. */
const shortest = 16

/** Names of parameters and fields whose values anybody may read; every other one is taken for a secret. */
const open = new Set(
  `client_id response_type redirect_uri scope grant_type code_challenge_method client_assertion_type
  token_type_hint response_mode decision post_logout_redirect_uri realm iss error error_description username`.split(
    /\s+/,
  ),
)

/** Names of members of JSON that hold secrets; most others are words of an API. */
const secretMember =
  /^(access_token|refresh_token|id_token|request_uri|token|tokenId|authId|userpassword|password|client_secret|client_assertion|apiKey)$/

/** A wire that notes every secret which is sent and answered. */
export function collecting(w: Wire): Wire & Collected {
  const secrets = new Map<string, string>()
  const add = (name: string, value: string): void => {
    const text = value.replace(/^urn:ietf:params:oauth:request_uri:/, '')
    if (/^https?:\/\//.test(text)) ofUrl(text, add)
    else if (session.test(name)) ofSession(name, text, secrets)
    else if (text.length >= shortest && !secrets.has(text)) {
      secrets.set(text, name)
      ofClaims(text, add)
    }
  }
  return {
    ...w,
    secrets,
    add,
    async call(method, path, sent = {}) {
      ofUrl(path, add)
      ofSent(sent, add)
      const answer = await w.call(method, path, sent)
      ofAnswer(answer, add)
      return answer
    },
  }
}

type Add = Collected['add']

const session = /tokenId|iplanetdirectorypro/i

/** The first half of a session's token is the key of its record; what opens it is the second, a MAC. */
function ofSession(name: string, text: string, secrets: Map<string, string>): void {
  if (text.length !== 43) return
  secrets.set(text.slice(22), name)
  secrets.set(Buffer.from(text, 'base64url').subarray(16).toString('base64url'), name)
}

/** Claims of which each token has one of its own. */
const ownClaims = ['jti', 'nonce', 'state', 'login_hint', 'code_challenge', 'at_hash', 'c_hash']

function ofClaims(text: string, add: Add): void {
  const parts = text.split('.')
  if (parts.length !== 3 || !text.startsWith('ey')) return
  const claims = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >
  for (const name of ownClaims) {
    const value = claims[name]
    if (typeof value === 'string') add(`claim ${name}`, value)
  }
}

function ofUrl(text: string, add: Add): void {
  const { searchParams, hash } = new URL(text, 'http://x')
  ofPairs(searchParams, add)
  ofPairs(new URLSearchParams(hash.slice(1)), add)
}

function ofPairs(pairs: Iterable<readonly [string, string]>, add: Add): void {
  for (const [name, value] of pairs) if (!open.has(name)) add(name, value)
}

function ofPair(what: string, pair: string, add: Add): void {
  const eq = pair.indexOf('=')
  add(`${what} ${pair.slice(0, eq)}`, pair.slice(eq + 1))
}

function ofSent({ headers = {}, cookie = '', form = {}, json }: Sent, add: Add): void {
  ofPairs(Object.entries(form), add)
  ofJson(json, add)
  for (const pair of cookie.split('; ')) ofPair('cookie', pair, add)
  const [scheme = '', proof = ''] = (headers.authorization ?? '').split(' ')
  add(`authorization ${scheme}`, proof)
  if (scheme === 'Basic') {
    const pair = Buffer.from(proof, 'base64').toString()
    add('client_secret', decodeURIComponent(pair.slice(pair.indexOf(':') + 1)))
  }
  for (const name of ['x-openam-password', 'iplanetdirectorypro']) add(name, headers[name] ?? '')
}

function ofAnswer({ headers, text }: Answer, add: Add): void {
  for (const line of headers['set-cookie'] ?? [])
    ofPair('set-cookie', line.split(';')[0] ?? '', add)
  if (headers.location !== undefined) ofUrl(headers.location, add)
  if (headers['content-type']?.includes('json') === true) ofJson(JSON.parse(text), add)
  if (headers['content-type']?.includes('html') === true) {
    for (const { attributes } of elements(text, 'input')) {
      const name = attributes.get('name') ?? ''
      if (!open.has(name)) add(`page ${name}`, attributes.get('value') ?? '')
    }
  }
}

function ofJson(value: unknown, add: Add): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'string' && secretMember.test(name)) add(name, each)
    ofJson(each, add)
  }
}
