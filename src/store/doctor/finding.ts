/** What a look at a store has shown. */
export interface Finding {
  /** What was looked at, in a few words. */
  readonly what: string
  /** `proved`: it held, as often as is said. `seen`: what is so, neither good nor bad. `unproved`: nobody can tell by this. */
  readonly outcome: 'proved' | 'seen' | 'refuted' | 'unproved'
  readonly detail: string
}
