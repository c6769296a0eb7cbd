/** How evenly the machine goes by itself: what it does to whatever is measured on it. */
import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from './figures.ts'

const mebibytes = 32
const page = 4096
const seconds = 6

/** A pass counts as slow that takes so many times the middle one. */
const slow = 4

/** Milliseconds between slow passes of one stretch, at most. */
const gap = 10

/**
 * Writes to each page of 32 MiB about once a millisecond, and tells how long that takes and in how much of the time it takes
 * four times as long. A guest’s host may slow all of its memory for a while and leave its clock as it is: nothing of the guest
 * waits then, all that it does is several times as dear, and a p99 is the host’s.
 */
export async function evenness(): Promise<string> {
  const memory = Buffer.alloc(mebibytes * 2 ** 20)
  const passes: Pass[] = []
  touch(memory)
  for (const start = performance.now(); performance.now() - start < seconds * 1000; ) {
    const began = performance.now()
    touch(memory)
    passes.push({ began, took: performance.now() - began })
    await pause(1)
  }
  const middle = percentile(took(passes), 0.5)
  const stretches = stretchesOf(passes.filter(({ took }) => took > slow * middle))
  const lasted = stretches.map(({ from, to }) => to - from)
  const share = lasted.reduce((sum, each) => sum + each, 0) / (seconds * 10)
  return (
    `Memory: a page of each of ${mebibytes} MiB touched in ${middle.toFixed(2)} ms (median of ${passes.length} passes); ` +
    `${share.toFixed(1)} % of the time more than ${slow} times as long` +
    (lasted.length === 0 ? '' : `, at most ${Math.max(...lasted).toFixed(0)} ms on end`)
  )
}

interface Pass {
  readonly began: number
  readonly took: number
}

interface Stretch {
  readonly from: number
  to: number
}

function touch(memory: Buffer): void {
  for (let i = 0; i < memory.length; i += page) memory[i] = ((memory[i] ?? 0) + 1) & 255
}

const took = (passes: readonly Pass[]): number[] => passes.map((pass) => pass.took)

/** Slow passes that come one upon the other are one stretch. */
function stretchesOf(passes: readonly Pass[]): readonly Stretch[] {
  const stretches: Stretch[] = []
  for (const { began, took } of passes) {
    const last = stretches.at(-1)
    if (last !== undefined && began - last.to < gap) last.to = began + took
    else stretches.push({ from: began, to: began + took })
  }
  return stretches
}
