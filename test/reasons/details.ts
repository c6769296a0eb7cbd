/** Authorization details that are refused for what stands in them (RFC 9396). */
import { amendRealm } from '../amend.ts'
import { allowTypes, payment, saveType, types } from '../details.ts'
import { codeFor, redeem } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { push, pushForm } from '../world.ts'
import type { Topic } from './told.ts'

export async function detailsCases(): Promise<Topic> {
  const w = await recordedWorld()
  await amendRealm(w, { advancedOAuth2Config: { enableRichAuthorizationRequests: true } })
  for (const type of types) await saveType(w, type)
  const endless = { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }
  await saveType(w, { type: 'endless', schema: endless })
  await allowTypes(w, 'myClient', ['payment', 'endless'])
  const asked = (authorization_details: string) => () =>
    push(w, pushForm({ authorization_details }))
  const redeemed = async () =>
    redeem(w, await codeFor(w), { authorization_details: `[${payment}]` })
  const cases: Topic['cases'] = [
    ['authorization-details-malformed', asked('[{"type":"payment","type":"payment"}]')],
    ['authorization-details-number', asked('[{"type":"payment","amount":12345678901234567890}]')],
    ['authorization-details-large', asked(`[${Array(33).fill(payment).join()}]`)],
    ['authorization-details-type-unknown', asked('[{"type":"other"}]')],
    ['authorization-details-type-unregistered', asked('[{"type":"secret"}]')],
    ['authorization-details-unfit', asked('[{"type":"payment"}]')],
    ['authorization-details-effort', asked('[{"type":"endless"}]')],
    ['authorization-details-wider', redeemed],
  ]
  return { w, cases }
}
