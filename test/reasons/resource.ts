/** Requests that are refused for the resources they name, and tokens for other ones. */
import type { Changes } from '../flow.ts'
import { person, redeem, refresh, tokensFor, withToken } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { mail, notes, resource, withoutResource } from '../resource.ts'
import { push, pushForm } from '../world.ts'
import type { Topic } from './told.ts'

export async function resourceCases(): Promise<Topic> {
  const w = await recordedWorld()
  const p = await person(w)
  await resource(w, notes)
  await resource(w, mail, { scopes: ['openid'] })
  await resource(w, 'urn:closed', { everyClient: false })
  await resource(w, 'urn:gone')
  const changed = (changes: Changes) => () => push(w, pushForm(changes))
  const tokens = await tokensFor(w, { resource: notes }, p)
  const gone = await tokensFor(w, { resource: 'urn:gone' }, p)
  await withoutResource(w, 'urn:gone')
  const cases: Topic['cases'] = [
    ['resource-malformed', changed({ resource: `${notes}#a` })],
    ['resource-unknown', changed({ resource: 'https://rs.example' })],
    ['resource-not-allowed', changed({ resource: 'urn:closed' })],
    ['resource-scope', changed({ resource: mail })],
    ['resource-malformed', () => redeem(w, 'x', { resource: 'notes' })],
    ['resource-not-granted', () => refresh(w, tokens.refresh_token, { resource: mail })],
    ['resource-taken-back', () => refresh(w, gone.refresh_token)],
    ['token-audience', () => withToken(w, '/userinfo', tokens.access_token)],
  ]
  return { w, cases }
}
