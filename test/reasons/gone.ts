/** What is refused because somebody is gone or asleep by then, or time has passed. */
import { clientKind } from '../../src/config/client.ts'
import { anyState } from '../../src/config/kind.ts'
import { realmKind } from '../../src/config/realm.ts'
import { userKind } from '../../src/config/user.ts'
import { person, refresh, somebody, tokensFor } from '../flow.ts'
import { recordedWorld } from '../history.ts'
import { push, pushForm } from '../world.ts'
import type { Topic } from './told.ts'

const change = { by: 'test', condition: anyState }

export async function goneCases(): Promise<Topic> {
  // Shorter than its access tokens, so that the grant is still there when the refresh token is not good any more.
  const w = await recordedWorld({ alpha: { coreOAuth2Config: { refreshTokenLifetime: 60 } } })
  const [alpha, root] = [await w.realm(), await w.realm('/')]
  const user = await somebody(w)
  const [gone, old, oldest] = [
    await tokensFor(w, {}, await person(w, { user })),
    await tokensFor(w),
    await tokensFor(w),
  ]
  const later = async (seconds: number): Promise<void> => {
    w.clock.now += seconds
    await w.records.sweep()
  }
  const cases: Topic['cases'] = [
    [
      'user-gone',
      async () => {
        await userKind.remove(alpha, user.sub, change)
        return refresh(w, gone.refresh_token)
      },
    ],
    [
      'attribute-unserved',
      async () => {
        const document = (await clientKind.read(alpha, 'myClient'))?.value ?? {}
        const openid = { treeName: 'ID4AI-Login' }
        const advancedOAuth2ClientConfig = {
          ...Object(document.advancedOAuth2ClientConfig),
          ...openid,
        }
        await clientKind.save(
          alpha,
          'myClient',
          { ...document, advancedOAuth2ClientConfig },
          change,
        )
        const refused = await push(w, pushForm({ scope: 'openid', nonce: 'n' }))
        await clientKind.save(alpha, 'myClient', document, change)
        return refused
      },
    ],
    [
      'refresh-expired',
      async () => {
        await later(61)
        return refresh(w, old.refresh_token)
      },
    ],
    [
      'refresh-gone',
      async () => {
        await later(100_000_000)
        return refresh(w, oldest.refresh_token)
      },
    ],
    [
      'realm-inactive',
      async () => {
        await realmKind.save(root, '/alpha', { active: false }, change)
        return push(w, pushForm())
      },
    ],
  ]
  return { w, cases }
}
