/*
 * Random trees, and random sequences of what people and attackers do with them, held against a walk that knows neither
 * store nor requests (`test/journey-model.ts`). That it sees what it is for was tried by breaking the engine: a step that
 * is worked on without having been claimed, a step older than the one where the journey stands that is taken all the same,
 * and a state that is taken from what the client sends back instead of the record were each found within a hundred runs.
 * So was a step that stays claimed when the store fails before it has what came of it. So were, when it was written, a first step that could be answered anew a minute after its journey had ended, and an
 * error around a journey that was taken for one inside it.
 */
import { test } from 'node:test'
import fc from 'fast-check'
import { deed } from '../../../test/journey-deed.ts'
import { newPlay } from '../../../test/journey-play.ts'
import { inside, outside } from '../../../test/journey-trees.ts'
import { trials } from '../../../test/scale.ts'
import { undelayed } from '../../../test/undelayed.ts'

test('a journey goes as its tree says, has each effect once, and leaves nothing, whatever is sent in whichever order', async () => {
  await undelayed(() =>
    fc.assert(
      fc.asyncProperty(
        ...[inside, outside, outside, fc.array(deed, { minLength: 1, maxLength: 14 })],
        async (inner, first, second, deeds) => {
          const play = await newPlay(inner, first)
          await play.start()
          for (const each of deeds) await play.deeds[each.what](each, second)
          await play.nothingIsLeft()
        },
      ),
      { numRuns: trials(20_000) },
    ),
  )
})
