import type { JsonObject } from '../../../base/json.ts'
import { isObject } from '../../../base/json.ts'
import { text } from '../../../protocol/setting.ts'
import type { EndUser } from '../../../user/end-user.ts'
import { nobody } from '../../../user/hash/argon2.ts'
import { tryAs } from '../../../user/password.ts'
import { verifyHash } from '../../../user/verify-hash.ts'
import { passwordCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import type { Turn } from '../../journey.ts'
import { asks, nodeType, passed, trueOrFalse } from '../../journey.ts'
import { localized, nodeSetting } from '../../node-setting.ts'
import { kbaSettings } from '../../person/idm-configuration.ts'
import type { KeptAnswer } from '../../person/kba.ts'
import { answersKept, chosenFor, plainAnswer } from '../../person/kba.ts'
import { identitySetting, whoIn } from '../../person/who.ts'
import { attributeIn, identify, textIn } from '../../state.ts'

/** What the node keeps for its next turn: the hashes of what it asked; empty where there is nobody to know the answer. */
interface Chosen extends JsonObject {
  readonly hashes: readonly string[]
}

/**
 * Asks questions that an account's owner has answered (PingAM: KBA Verification node). A try counts like one at the
 * password; a name that is nobody's, or has no answers, is asked like any other, and nothing is right.
 */
export const kbaVerify = nodeType({
  type: 'KbaVerifyNode',
  name: 'KBA Verification',
  tags: ['identity management'],
  settings: {
    kbaInfoAttribute: nodeSetting(
      'KBA Attribute',
      text,
      'kbaInfo',
      'Kept, and without effect: an account has its answers in `kbaInfo`.',
    ),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, { identityAttribute }) {
    const { state, answers, kept } = turn
    const user = await whoIn(turn, identityAttribute)
    if (answers === undefined || !isObject(kept)) {
      const asked = await chosen(turn, user, identityAttribute)
      const keep: Chosen = { hashes: asked.map(({ hash }) => hash) }
      return asks(
        asked.map(({ question }) => passwordCallback(question)),
        state,
        { keep },
      )
    }
    const { hashes } = kept as Chosen
    const said = hashes.map((_, i) => plainAnswer(textOf(answers[i])))
    const name = nameIn(turn, identityAttribute)
    const right = await isRight(turn, user, name, hashes, said)
    return right && user !== undefined
      ? passed('true', identify(state, user, 'KBA'))
      : passed('false', state)
  },
})

function nameIn({ state }: Turn, identityAttribute: string): string {
  const value = attributeIn(state, identityAttribute)
  return (typeof value === 'string' ? value : textIn(state, 'username')) ?? ''
}

async function chosen(
  turn: Turn,
  user: EndUser | undefined,
  identityAttribute: string,
): Promise<readonly KeptAnswer[]> {
  const { realm, visit } = turn
  const settings = await kbaSettings(realm)
  const kept = answersKept(user, settings, visit.locales)
  const enough = kept.length >= settings.toVerify
  const decoys = Object.values(settings.questions).flatMap(
    (texts) => localized(texts, visit.locales) ?? [],
  )
  const all = enough ? kept : decoys.map((question) => ({ question, hash: nobody }))
  const name = nameIn(turn, identityAttribute)
  return chosenFor(realm, name, all.length, settings.toVerify).map((i) => all[i] as KeptAnswer)
}

async function isRight(
  { realm, visit: { peer, device } }: Turn,
  user: EndUser | undefined,
  username: string,
  hashes: readonly string[],
  said: readonly string[],
): Promise<boolean> {
  const trying = { username: user?.username ?? username, user, peer, device }
  return tryAs(realm, trying, JSON.stringify(said), async (source) => {
    let right = hashes.length > 0
    // All of them, whichever is wrong, so that time does not tell which.
    for (const [i, hash] of hashes.entries())
      if (!(await verifyHash(hash, said[i] ?? '', { kind: 'login', source }))) right = false
    return right
  })
}
