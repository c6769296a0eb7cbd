/** Calls that are beyond what a client, or an address, may do. */
import { recordedWorld } from '../history.ts'
import { postAs, register } from '../register.ts'
import { base, pushForm, requestOf } from '../world.ts'
import type { Topic } from './told.ts'

export async function admissionCases(): Promise<Topic> {
  const limits = { parOutstandingPushes: 1, parSourcePushesPerSecond: 1, parSourcePushBurst: 1 }
  const w = await recordedWorld({ alpha: { parapetConfig: limits } })
  await register(w, 'full')
  await register(w, 'often', { own: { parPushesPerSecond: 1, parPushBurst: 1 } })
  const form = pushForm({ redirect_uri: 'https://rp.example/cb' })
  const twice = (client_id: string) => async () => {
    await postAs(w, client_id, '/par', form)
    return postAs(w, client_id, '/par', form)
  }
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
  ]
  return { w, cases }
}
