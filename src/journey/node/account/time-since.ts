import type { Json } from '../../../base/json.ts'
import type { Read } from '../../../protocol/setting.ts'
import { reading } from '../../../protocol/setting.ts'
import { noteOf } from '../../../user/notes.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { identitySetting, knownIn } from '../../person/who.ts'

const units: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
}

/** `2 weeks and 1 day`, or minutes; in seconds. */
const duration: Read<number> = reading(
  'a time such as `2 weeks`',
  { type: 'string' },
  (v: Json) => {
    const text = typeof v === 'number' ? String(v) : v
    if (typeof text !== 'string') return undefined
    if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 60
    const parts = text
      .trim()
      .toLowerCase()
      .split(/\s*(?:,|\band\b)\s*/)
    const seconds = parts.map((part) => {
      const [, amount, unit = ''] = /^(\d{1,6})\s*([a-z]+?)s?$/.exec(part) ?? []
      return Object.hasOwn(units, unit) ? Number(amount) * (units[unit] as number) : undefined
    })
    return seconds.includes(undefined)
      ? undefined
      : (seconds as number[]).reduce((sum, each) => sum + each, 0)
  },
)

/** Whether an account was made that long ago (PingAM: Time Since Decision node). Of which it is not known when, that is long ago. */
export const timeSince = nodeType({
  type: 'TimeSinceDecisionNode',
  name: 'Time Since Decision',
  tags: ['identity management'],
  settings: {
    elapsedTime: nodeSetting('Elapsed Time', duration, 0, 'How long: `3 days`.', {
      required: true,
    }),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, { elapsedTime, identityAttribute }) {
    const made = noteOf(await knownIn(turn, identityAttribute), 'created') ?? 0
    return passed(turn.realm.now() - made >= elapsedTime ? 'true' : 'false', turn.state)
  },
})
