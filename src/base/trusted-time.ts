/**
 * The times a server goes by, made of two clocks: the wall clock, which may be set, and the seconds
 * counted since some moment, which nobody sets. The rule, for every node by itself:
 *
 * - *A step of up to an hour*, either way, is followed. That is a correction.
 * - *A step of more than an hour* is not: an alarm is raised, time goes on by counting, and sweeping
 *   pauses, until the wall clock has come back or an operator accepts it.
 * - *Time of day* is what is said to others and what their statements are judged by (assertions,
 *   request objects, ID tokens, certificates). It goes back with a correction, so an id that may be
 *   used once is remembered for an hour beyond its end.
 * - *Now* is for what this server hands out and takes back itself: it never goes back. After a
 *   correction back it goes at half speed until the time of day has caught up, so what was refused as
 *   expired stays so, across a restart too. Only a time of day that turns out to be more than a day
 *   behind sets it back: a wrong year must not last for a year.
 * - *Past* is what is over by the wall clock and by counting: only that is swept. For a day after a
 *   step forward, or after a start at which the wall clock was ahead of what the last run had counted
 *   (nobody can tell a stop from a step there), it goes by counting alone. A day is as long as an id
 *   without an end is remembered, so none is forgotten under a wrong time.
 * - For that same day a wall clock that comes back to where counting expects it at the earliest is
 *   believed at once, however far: a server that has gone on in a wrong year is not held there.
 * - *A restart* compares with what this node's last run wrote down. A wall clock more than an hour
 *   behind is not believed either: time goes on from there, until the wall clock has passed it.
 */
import { alarm, event } from './log.ts'
import { type Clock, clockOf } from './time.ts'

/** Seconds of a step that is a correction. */
export const correction = 3600

/** Seconds for which sweeping goes by counting alone. */
const quarantine = 86_400

/** Seconds by which `now` may be ahead of the time of day. */
const longestLead = 86_400

/** Seconds by which the two clocks drift apart, or are read apart, without a step. */
const drift = 5

/** What one run leaves for the next one of the same node. */
export interface KeptTime {
  readonly now: number
  readonly past: number
}

/** See the rule above. All times are whole seconds since 1970. */
export interface TrustedTime {
  readonly timeOfDay: Clock
  readonly now: Clock
  readonly past: Clock
  /** What may be swept: `past`, and nothing while the wall clock is not believed. */
  readonly sweepable: Clock
  /** Whether an operator has to say that the wall clock is right. */
  doubtful(): boolean
  /** Takes the wall clock as right. */
  accept(): void
  /** Goes on from what an earlier run left. */
  resume(kept: KeptTime): void
  kept(): KeptTime
}

/** How things stand. `at` and `quarantinedUntil` are readings of `counted`. */
interface State {
  wall: number
  at: number
  timeOfDay: number
  now: number
  /** The same in halves of a second, while it goes slower. */
  exact: number
  /** By counting. */
  past: number
  quarantinedUntil: number
  doubtful: boolean
  /** What the last run had reached and the wall clock has not: beyond it, it is believed. */
  reached: number
}

/** Times of a server that begins now. Both clocks are asked only when the wall clock shows another second. */
export function trustedTime(wall: Clock, counted: Clock): TrustedTime {
  const start = wall()
  const at = counted()
  const state: State = {
    wall: start,
    at,
    timeOfDay: start,
    now: start,
    exact: start,
    past: start,
    quarantinedUntil: at + quarantine,
    doubtful: false,
    reached: Number.POSITIVE_INFINITY,
  }
  const next = (seen: number): void => advance(state, seen, counted())
  const look = (): State => {
    const seen = wall()
    if (seen !== state.wall) next(seen)
    return state
  }
  return {
    timeOfDay: clockOf(state, 'timeOfDay', wall, next),
    now: clockOf(state, 'now', wall, next),
    past: () => pastOf(look()),
    sweepable: () => (look().doubtful ? 0 : pastOf(state)),
    doubtful: () => look().doubtful,
    accept: () => accept(look()),
    resume: (kept) => resume(look(), kept),
    kept: () => ({ now: look().now, past: pastOf(state) }),
  }
}

/** Both clocks must say so. */
const pastOf = ({ past, timeOfDay }: State): number => Math.min(past, timeOfDay)

function advance(state: State, wall: number, at: number): void {
  const passed = Math.max(0, at - state.at)
  const step = wall - (state.timeOfDay + passed)
  state.wall = wall
  state.at = at
  state.past += passed
  if (Math.abs(step) <= correction || wall >= state.reached) follow(state, step)
  else if (isCorrected(state, step)) setBack(state)
  else doubt(state, step, passed)
  setNow(state, Math.max(state.timeOfDay, state.exact + passed / 2))
  if (at >= state.quarantinedUntil && !state.doubtful) endQuarantine(state)
}

function follow(state: State, step: number): void {
  state.timeOfDay = state.wall
  if (state.doubtful) event('clock.agreed', {}, 'warn')
  believe(state)
  if (step > 1 && state.timeOfDay - state.past > drift) enterQuarantine(state)
  if (Math.abs(step) > drift) event('clock.corrected', { seconds: step }, 'warn')
}

function doubt(state: State, step: number, passed: number): void {
  state.timeOfDay += passed
  if (!state.doubtful) alarm('clock.jumped', { seconds: step, go_on: 'parapet accept-time' })
  state.doubtful = true
}

function believe(state: State): void {
  state.doubtful = false
  state.reached = Number.POSITIVE_INFINITY
}

function isCorrected({ at, quarantinedUntil, past, wall }: State, step: number): boolean {
  return step < 0 && at < quarantinedUntil && wall >= past - correction
}

/** To the wall clock, from a time far ahead of it that turned out to be wrong. */
function setBack(state: State): void {
  alarm('clock.set_back', { seconds: state.timeOfDay - state.wall })
  state.timeOfDay = state.wall
  believe(state)
}

function setNow(state: State, exact: number): void {
  const { timeOfDay } = state
  state.exact = exact - timeOfDay > longestLead ? timeOfDay : exact
  state.now = Math.floor(state.exact)
}

function enterQuarantine(state: State): void {
  state.quarantinedUntil = state.at + quarantine
}

/** Once a day, so that many small steps are not many of a drift. */
function endQuarantine(state: State): void {
  state.past = state.timeOfDay
  enterQuarantine(state)
}

function accept(state: State): void {
  if (!state.doubtful) return
  const step = state.wall - state.timeOfDay
  if (step > 0) enterQuarantine(state)
  state.timeOfDay = state.wall
  setNow(state, Math.max(state.exact, state.wall))
  believe(state)
  event('clock.accepted', { seconds: step }, 'warn')
}

function resume(state: State, kept: KeptTime): void {
  state.past = kept.past
  const behind = kept.now - state.wall
  if (behind > correction && state.wall < kept.past - correction) {
    state.timeOfDay = kept.now
    state.reached = kept.now
    state.doubtful = true
    alarm('clock.behind', { seconds: behind, go_on: 'parapet accept-time' })
  }
  setNow(state, Math.max(state.exact, kept.now))
  if (state.timeOfDay - state.past > drift) enterQuarantine(state)
}
