/** What people and attackers do with journeys, drawn at random. */
import fc from 'fast-check'

/** What somebody does: to which journey, and to which of its steps, the last one first. */
export const deed = fc.record({
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant('start' as const) },
    { weight: 9, arbitrary: fc.constant('answer' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'race' as const,
        'show' as const,
        'tamper' as const,
        'wait' as const,
      ),
    },
    { weight: 3, arbitrary: fc.constantFrom('resume' as const, 'lose' as const) },
    { weight: 1, arbitrary: fc.constant('change' as const) },
  ),
  which: fc.nat(3),
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constantFrom(1, 2)),
  answer: fc.constantFrom('right', 'right', 'wrong', ''),
  times: fc.constantFrom(1, 1, 3),
  place: fc.nat(2000),
  seconds: fc.constantFrom(1, 59, 61, 150, 300),
})
export type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never
