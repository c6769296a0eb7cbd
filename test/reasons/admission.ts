/** Calls that are beyond what a client, or an address, may do. */
import { type Store, StoreUnavailable } from '../../src/store/store.ts'
import { signer } from '../assertion.ts'
import { recordedWorld } from '../history.ts'
import { post, postAs, register, secret } from '../register.ts'
import { objectClaims, registerSigner, signed } from '../request-object.ts'
import { base, basic, pushForm, requestOf } from '../world.ts'
import type { Topic } from './told.ts'

/** A store that does not take the next push. */
const cutting =
  (cut: { next: boolean }) =>
  (store: Store): Store => ({
    ...store,
    insert: async (key, ...more) => {
      if (!cut.next || !/^[0-9a-f]{32}$/.test(key)) return store.insert(key, ...more)
      cut.next = false
      throw new StoreUnavailable('cut')
    },
  })

export async function admissionCases(): Promise<Topic> {
  const limits = { parOutstandingPushes: 1, parSourcePushesPerSecond: 1, parSourcePushBurst: 1 }
  const cut = { next: false }
  const w = await recordedWorld({ alpha: { parapetConfig: limits }, records: cutting(cut) })
  const es256 = await signer('ES256')
  await registerSigner(w, 'object', [es256], { own: { parOutstandingPushes: 10 } })
  await register(w, 'full')
  await register(w, 'keyed')
  await register(w, 'often', { own: { parPushesPerSecond: 1, parPushBurst: 1 } })
  const form = pushForm({ redirect_uri: 'https://rp.example/cb' })
  const twice = (client_id: string) => async () => {
    await postAs(w, client_id, '/par', form)
    return postAs(w, client_id, '/par', form)
  }
  const keyed = (key: string, sent: Readonly<Record<string, string>>, client_id = 'keyed') =>
    post(w, '/par', sent, {
      authorization: basic(client_id, secret),
      'idempotency-key': key,
    })
  const object = { request: signed(es256, objectClaims(w, 'object', { jti: 'once' })) }
  const stranger = { ...requestOf('POST', `${base}/par`, { form: {} }), peer: '203.0.113.9' }
  const cases: Topic['cases'] = [
    ['pushes-outstanding', twice('full')],
    ['pushes-rate', twice('often')],
    [
      'source-rate',
      async () => {
        await w.serve(stranger)
        return w.serve(stranger)
      },
    ],
    ['idempotency-key-malformed', () => keyed('unquoted', form)],
    [
      'idempotency-key-reused',
      async () => {
        await keyed('"k"', form)
        return keyed('"k"', { ...form, state: 'other' })
      },
    ],
    [
      'idempotency-key-busy',
      async () => {
        cut.next = true
        await keyed('"k"', object, 'object')
        await postAs(w, 'object', '/par', object)
        return keyed('"k"', object, 'object')
      },
    ],
  ]
  return { w, cases }
}
