import { HashBusy, whenHashed } from './hashing/lanes.ts'
import { held, mayBegin } from './hashing/queues.ts'
import { urgent } from './hashing/urgent.ts'
import type { Ready } from './ready.ts'
import { monotonic, nextTurn } from './time.ts'
import type { Turn } from './turns.ts'

/** Work that is not begun. */
interface Unbegun {
  readonly begin: () => void
  readonly refuse: (reason: Error) => void
  /** Whose password may have to be hashed for it; undefined: nobody's. */
  readonly hash: Turn | undefined
}

/** In the order in which it came; what has come to its turn and may not begin is held (`hashing/queues.ts`). */
const waiting: Unbegun[] = []

/** Somebody has begun in this turn of the event loop, or will be asked to in the next one. */
let begun = false

/** Who was held before had the last turn. */
let heldTurn = false

/** Milliseconds that somebody waits at most until all of that is answered: none of it may stop logins for ever. */
const patience = 20

/** When somebody began to wait, or the one before them began. */
let since = 0

/** It will be looked again when that time is over. */
let timed = false

/**
 * Does work that is not urgent: of all such work, one is begun in a turn of the event loop, and when nothing urgent is
 * under way. So many people who log in at once wait for each other, and clients wait for none of them but the one who has
 * just begun. `hash` is there when a password may have to be hashed for it, and says whose: while many wait for that, it
 * is not begun.
 *
 * @throws HashBusy when too many are held, and none of a source that has more.
 */
export function oneATurn<T>(work: () => Ready<T>, hash?: Turn): Ready<T> {
  if (!begun && urgent.underWay === 0 && (hash === undefined || mayBegin(hash))) {
    lookAgain()
    return work()
  }
  return new Promise<void>((begin, refuse) => {
    if (waiting.length === 0) since = monotonic()
    waiting.push({ begin, refuse, hash })
    if (!begun) goOn()
  }).then(work)
}

function lookAgain(): void {
  begun = true
  void nextTurn().then(goOn)
}

/** Begins the next one: those who were held and all others take turns. */
function goOn(): void {
  begun = false
  if (waiting.length + held.size === 0 || isTooSoon()) return
  heldTurn = !heldTurn
  const begin = heldTurn ? (ofHeld() ?? inLine()) : (inLine() ?? ofHeld())
  if (begin === undefined) return
  since = monotonic()
  lookAgain()
  begin()
}

/** Whether something urgent is under way, and may be waited for; then it is looked again when that is over. */
function isTooSoon(): boolean {
  const left = urgent.underWay === 0 ? 0 : since + patience - monotonic()
  if (left <= 0) return false
  urgent.whenNone = whenNone
  if (!timed) setTimeout(lookInTime, left)
  timed = true
  return true
}

function whenNone(): void {
  urgent.whenNone = undefined
  if (!begun) lookAgain()
}

function lookInTime(): void {
  timed = false
  if (!begun) goOn()
}

function ofHeld(): (() => void) | undefined {
  return held.size === 0 ? undefined : held.next(mayBegin)?.begin
}

function inLine(): (() => void) | undefined {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { hash, begin, refuse } = next
    if (hash === undefined || mayBegin(hash)) return begin
    held.add(hash, { begin, refuse: () => refuse(new HashBusy('too many wait')) })?.refuse()
  }
  return undefined
}

whenHashed(() => {
  if (!begun && held.size > 0) goOn()
})
