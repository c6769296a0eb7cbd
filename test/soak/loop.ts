/** The whole way of an authorization, again and again: push, authorize, tokens, refresh, userinfo, introspection, revocation. */
import { randomBytes } from 'node:crypto'
import {
  administrator,
  ask,
  codeClient,
  codeOf,
  codeParameters,
  keyParty,
  oauth2,
  type Party,
  pushed,
  refreshParameters,
  visit,
} from '../party.ts'
import type { Wire } from '../wire.ts'
import { jsonOf } from '../wire.ts'
import { basic } from '../world.ts'

/** What clients did, and what was not as it has to be. */
export interface Count {
  loops: number
  requests: number
  readonly failed: string[]
}

export const newCount = (): Count => ({ loops: 0, requests: 0, failed: [] })

/** Registers who asks: a client with a secret and one that signs, neither of which asks for consent. */
export async function registerParties(w: Wire): Promise<readonly Party[]> {
  const administer = await administrator(w)
  const [client_id, secret] = ['soak', randomBytes(24).toString('base64url')]
  const document = codeClient('client_secret_basic', {
    coreOAuth2ClientConfig: { userpassword: secret },
  })
  jsonOf(await administer('PUT', `/agents/OAuth2Client/${client_id}`, document), 201)
  const authorization = basic(client_id, secret)
  return [
    { client_id, proof: () => ({ headers: { authorization } }) },
    await keyParty(w, administer),
  ]
}

/** One loop. What fails is noted, and ends it. */
export async function wholeLoop(
  w: Wire,
  party: Party,
  cookie: string,
  count: Count,
): Promise<void> {
  const step = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    count.requests += 1
    try {
      return await run()
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
    }
  }
  const call = (path: string, form: Readonly<Record<string, string>>) =>
    step(path, async () => jsonOf(await ask(w, party, path, form)))
  try {
    const request_uri = await step('/par', () => pushed(w, party))
    const code = await step('/authorize', async () => {
      const answer = await visit(w, party, request_uri, cookie)
      return codeOf(answer) ?? refuse(`no code: ${answer.status} ${answer.text}`)
    })
    const first = await call('/access_token', codeParameters(code))
    const tokens = await call('/access_token', refreshParameters(String(first.refresh_token)))
    const token = String(tokens.access_token)
    await step('/userinfo', async () => {
      const headers = { authorization: `Bearer ${token}` }
      const { sub } = jsonOf(await w.call('GET', `${oauth2}/userinfo`, { headers }))
      if (sub === undefined) refuse('nobody')
    })
    if ((await call('/introspect', { token })).active !== true) refuse('/introspect: not active')
    await call('/token/revoke', { token: String(tokens.refresh_token) })
    if ((await call('/introspect', { token })).active !== false) refuse('/introspect: still active')
    count.loops += 1
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n')
    count.failed.push(line)
  }
}

function refuse(why: string): never {
  throw new Error(why)
}
