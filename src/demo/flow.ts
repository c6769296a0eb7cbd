import type { KeyObject } from 'node:crypto'
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { base64url, fromBase64url } from '../base/bytes.ts'
import type { HttpRequest } from '../base/http.ts'
import { cookies } from '../base/http.ts'

/** What the relying party must remember between its push and the answer. */
export interface Flow {
  /** `alpha`. */
  readonly realm: string
  readonly client_id: string
  readonly issuer: string
  readonly redirect_uri: string
  readonly response_type: string
  readonly state: string
  readonly nonce: string
  readonly code_verifier: string | undefined
  /** What was pushed and what came back, to show them again at the end. */
  readonly pushed: string
  readonly answer: string
  /** Seconds since 1970 after which it counts no more. */
  readonly until: number
}

/** Seconds a person may take. */
export const flowLifetime = 1800

const name = 'parapet_demo'

/** `Set-Cookie` that keeps a flow in this browser; `sealed` empty: that forgets it. */
export function flowCookie(http: HttpRequest, sealed: string): string {
  const secure = http.origin.startsWith('https:') ? 'Secure; ' : ''
  const age = sealed === '' ? 0 : flowLifetime
  return `${name}=${sealed}; Max-Age=${age}; Path=/demo; ${secure}HttpOnly; SameSite=Lax`
}

/** The flow this browser is in; undefined when there is none, or it is over, or not ours. */
export function currentFlow(http: HttpRequest, key: KeyObject, now: number): Flow | undefined {
  const [value, second] = cookies(http, name)
  const flow = value === undefined || second !== undefined ? undefined : openFlow(key, value)
  return flow !== undefined && flow.until > now ? flow : undefined
}

/** AES-256-GCM: 12 octets of `iv`, 16 of tag, then the flow. `iv` must be fresh. */
export function sealFlow(key: KeyObject, iv: Buffer, flow: Flow): string {
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const text = Buffer.concat([cipher.update(JSON.stringify(flow), 'utf8'), cipher.final()])
  return base64url(Buffer.concat([iv, cipher.getAuthTag(), text]))
}

function openFlow(key: KeyObject, sealed: string): Flow | undefined {
  const bytes = fromBase64url(sealed)
  if (bytes === undefined || bytes.length < 28) return undefined
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
    cipher.setAuthTag(bytes.subarray(12, 28))
    const text = Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()])
    return JSON.parse(text.toString()) as Flow
  } catch {
    return undefined
  }
}
