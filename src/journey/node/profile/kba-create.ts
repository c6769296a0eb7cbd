import type { Json } from '../../../base/json.ts'
import { flag } from '../../../protocol/setting.ts'
import type { Answer } from '../../callback/callback.ts'
import { textOf } from '../../callback/callback.ts'
import { kbaCreateCallback } from '../../callback/platform.ts'
import type { Turn } from '../../journey.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { localized, localText, nodeSetting } from '../../node-setting.ts'
import type { KbaSettings } from '../../person/idm-configuration.ts'
import { kbaSettings } from '../../person/idm-configuration.ts'
import { hashedAnswer, plainAnswer } from '../../person/kba.ts'
import { putAttribute } from '../../state.ts'

/** Asks for questions and answers that prove somebody later (PingAM: KBA Definition node). Answers are hashed at once. */
export const kbaCreate = nodeType({
  type: 'KbaCreateNode',
  name: 'KBA Definition',
  tags: ['identity management'],
  settings: {
    message: nodeSetting('Purpose Message', localText, {}, 'What is asked for, by locale.'),
    allowUserDefinedQuestions: nodeSetting(
      'Allow User-Defined Questions',
      flag,
      true,
      'Whether users may think of questions themselves.',
    ),
  },
  outcomes: () => oneOutcome,
  async process(turn, { message, allowUserDefinedQuestions }) {
    const { realm, visit, state, answers } = turn
    const settings = await kbaSettings(realm)
    const given = answers && (await entriesOf(turn, settings, answers, allowUserDefinedQuestions))
    if (given !== undefined)
      return passed('outcome', putAttribute(state, 'transient', 'kbaInfo', given))
    const prompt = localized(message, visit.locales) ?? 'Select a security question'
    const predefined = Object.values(settings.questions).flatMap(
      (texts) => localized(texts, visit.locales) ?? [],
    )
    const callbacks = Array.from({ length: settings.toDefine }, (_, i) =>
      kbaCreateCallback(prompt, predefined, allowUserDefinedQuestions, textOf(answers?.[i])),
    )
    return asks(callbacks, state)
  },
})

const longestQuestion = 256

/** What is kept of the answers; undefined where one is missing, or two are to the same question. */
async function entriesOf(
  { realm, visit }: Turn,
  { questions }: KbaSettings,
  answers: readonly Answer[],
  own: boolean,
): Promise<Json | undefined> {
  const said = answers.map((each) => ({ question: textOf(each).trim(), answer: textOf(each, 1) }))
  const names = new Set(said.map(({ question }) => plainAnswer(question)))
  const whole = said.every(
    ({ question, answer }) =>
      question !== '' && question.length <= longestQuestion && plainAnswer(answer) !== '',
  )
  if (!whole || names.size !== said.length) return undefined
  const ids = said.map(
    ({ question }) =>
      Object.entries(questions).find(
        ([id, texts]) =>
          id === question ||
          localized(texts, visit.locales) === question ||
          Object.values(texts).includes(question),
      )?.[0],
  )
  if (!own && ids.includes(undefined)) return undefined
  if (new Set(ids.filter(Boolean)).size !== ids.filter(Boolean).length) return undefined
  return Promise.all(
    said.map(async ({ question, answer }, i) => {
      const id = ids[i]
      const asked = id === undefined ? { customQuestion: question } : { questionId: id }
      return { answer: await hashedAnswer(realm, answer), ...asked }
    }),
  )
}
