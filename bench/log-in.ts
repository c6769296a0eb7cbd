/** Steps of a login by REST. */
import type { Answer, Pool } from './pool.ts'

const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }

export function postStep(issuer: string, pool: Pool, body: string): Promise<Answer> {
  const url = `${issuer.replace('/oauth2/', '/json/')}/authenticate`
  return pool.send('POST', url, headers, body)
}

export function step({ status, body }: Answer): { readonly authId?: string } {
  if (status !== 200) throw new Error(`a step was answered ${status}: ${body}`)
  return JSON.parse(body) as { readonly authId?: string }
}

export function answerTo(authId: string | undefined, name: string, word: string): string {
  const inputs = [name, word].map((value, i) => ({ input: [{ name: `IDToken${i + 1}`, value }] }))
  return JSON.stringify({ authId, callbacks: inputs })
}
