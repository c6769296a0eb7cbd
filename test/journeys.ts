import assert from 'node:assert/strict'
import type { Json } from '../src/base/json.ts'
import { people } from '../src/config/user/people.ts'
import { openAuthId } from '../src/journey/auth-id.ts'
import type { Visit } from '../src/journey/journey.ts'
import type { Around } from '../src/journey/people.ts'
import { resume, run, start } from '../src/journey/run.ts'
import type { Identified } from '../src/journey/state.ts'
import type { AskedStep, Step } from '../src/journey/step.ts'
import { nameTried } from '../src/journey/step.ts'
import type { Realm } from '../src/realm/realm.ts'

/** Journeys of a realm, as one visitor goes through them. */
export interface Journeys {
  /** The first step, which has to ask. */
  start(journey: string): Promise<AskedStep>
  /** The first step, whatever it is. */
  begin(journey: string): Promise<Step>
  /** One step on, by the names of the inputs. */
  run(authId: string, answers: Readonly<Record<string, Json>>): Promise<Step>
  /** On where a journey was suspended, by what its link carries. */
  resume(suspendedId: string): Promise<Step>
  /** Both. */
  answer(journey: string, answers: Readonly<Record<string, Json>>): Promise<Step>
  asked(step: Step): AskedStep
  userOf(step: Step): Identified | undefined
  triedIn(step: Step): string | undefined
  open(authId: string): ReturnType<typeof openAuthId>
}

/** What a journey is lent. */
export const resumeAt: Around = {
  resumeUri: (suspendedId) => `https://as.example/?suspendedId=${suspendedId}`,
  people,
}

export function journeys(realm: Realm, visitor: Partial<Visit> = {}): Journeys {
  const stranger: Visit = {
    ...{ peer: '127.0.0.1', session: undefined, login_hint: undefined, locales: [] },
  }
  const visit = { ...stranger, ...visitor }
  const asked = (step: Step): AskedStep => {
    assert.ok(step.kind === 'ask', step.kind)
    return step
  }
  const own: Journeys = {
    begin: (journey) => start(realm, visit, { journey, resumeAt }),
    start: async (journey) => asked(await own.begin(journey)),
    async run(text, answers) {
      const authId = openAuthId(realm, text)
      assert.ok(typeof authId === 'object')
      const step = await run(realm, visit, authId, new Map(Object.entries(answers)), resumeAt)
      if (step.kind === 'success' || step.kind === 'failure') await step.settle({})
      return step
    },
    async resume(suspendedId) {
      const step = await resume(realm, visit, suspendedId, '', () => resumeAt)
      if (step.kind === 'success' || step.kind === 'failure') await step.settle({})
      return step
    },
    async answer(journey, answers) {
      return own.run((await own.start(journey)).authId, answers)
    },
    asked,
    userOf(step) {
      assert.ok(step.kind === 'success')
      return step.ended.user
    },
    triedIn(step) {
      assert.ok(step.kind === 'failure')
      return nameTried(step)
    },
    open: (authId) => openAuthId(realm, authId),
  }
  return own
}
