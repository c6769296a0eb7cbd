/** Pushes that are refused for what stands in them. */
import type { Changes } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { post, postAs, register } from '../register.ts'
import { base, basic, push, pushForm, requestOf } from '../world.ts'
import type { Topic } from './told.ts'

export async function pushCases(): Promise<Topic> {
  const w = await recordedWorld()
  const two = ['https://rp.example/a', 'https://rp.example/b']
  await register(w, 'two', { core: { redirectionUris: two } })
  await register(w, 'full')
  await register(w, 'code only', { advanced: { responseTypes: ['code'] } })
  await register(w, 'no grant', { advanced: { grantTypes: ['client_credentials'] } })
  await register(w, 'in jwt', { own: { require_signed_authorization_response: true } })
  await register(w, 'signs', { own: { require_signed_request_object: true } })
  const changed = (changes: Changes) => () => push(w, pushForm(changes))
  const as = (client_id: string, changes: Changes) => () =>
    postAs(w, client_id, '/par', pushForm({ redirect_uri: 'https://rp.example/cb', ...changes }))
  const raw = (form: string) => () => push(w, form)
  const cases: Topic['cases'] = [
    ['redirect-uri-unregistered', changed({ redirect_uri: 'https://x.example/' })],
    ['redirect-uri-missing', as('two', { redirect_uri: undefined })],
    ['response-type-missing', changed({ response_type: undefined })],
    ['response-type-unknown', changed({ response_type: 'x' })],
    ['response-type-unregistered', as('code only', { response_type: 'token' })],
    ['response-type-not-granted', as('no grant', {})],
    ['jwt-response-required', as('in jwt', {})],
    ['response-mode-unfit', as('full', { response_type: 'token', response_mode: 'query' })],
    ['response-mode-unknown', changed({ response_mode: 'x' })],
    ['parameter-malformed', changed({ state: 'x'.repeat(9000) })],
    ['scope-malformed', changed({ scope: 'write  write' })],
    ['scope-unregistered', changed({ scope: 'nope' })],
    ['scope-missing', as('full', { scope: undefined })],
    ['code-challenge-missing', changed({ code_challenge: undefined })],
    ['code-challenge-malformed', changed({ code_challenge: 'x' })],
    ['code-challenge-method-unknown', changed({ code_challenge_method: 'S999' })],
    ['plain-challenge', changed({ code_challenge_method: 'plain' })],
    ['plain-challenge-by-default', changed({ code_challenge_method: undefined })],
    ['prompt-malformed', changed({ prompt: 'x' })],
    ['max-age-malformed', changed({ max_age: 'x' })],
    ['claims-malformed', changed({ claims: 'x' })],
    ['openid-missing', as('full', { response_type: 'id_token', nonce: 'n' })],
    ['openid-with-token', as('full', { response_type: 'token', scope: 'openid' })],
    ['nonce-missing', as('full', { response_type: 'id_token', scope: 'openid' })],
    ['hint-invalid', changed({ id_token_hint: 'x' })],
    ['journey-unknown', changed({ service: 'x' })],
    ['authorization-details-unserved', changed({ authorization_details: '[]' })],
    ['registration-unserved', changed({ registration: '{}' })],
    ['request-uri-in-push', changed({ request_uri: 'x' })],
    ['parameter-beside-object', changed({ request: 'x' })],
    ['object-required', as('signs', {})],
    ['method-other', () => w.serve(requestOf('GET', `${base}/par`))],
    [
      'body-coded',
      () => post(w, '/par', 'a=b', { authorization: basic(), 'content-encoding': 'gzip' }),
    ],
    [
      'message-unread',
      () =>
        w.serve({
          ...requestOf('POST', `${base}/par`),
          refused: { status: 413, description: 'too large' },
        }),
    ],
    ['media-type-other', () => post(w, '/par', 'a=b', { 'content-type': 'text/plain' })],
    [
      'form-not-utf8',
      () =>
        w.serve(
          requestOf('POST', `${base}/par`, {
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: Buffer.from([0x61, 0x3d, 0xff]),
          }),
        ),
    ],
    ['parameter-repeated', raw('scope=a&scope=b')],
    ['parameters-too-many', raw(Array.from({ length: 201 }, (_, i) => `a${i}=1`).join('&'))],
    ['parameter-too-long', raw(`state=${'x'.repeat(65_537)}`)],
    ['form-malformed', raw('state=%zz')],
  ]
  return { w, cases }
}
