import type { Node } from './pattern.ts'
import type { Effort } from './type.ts'

/** One step of a program: a character, or where to go on without one. */
type Step =
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'start' | 'end' | 'found' }
  | { readonly kind: 'fork'; readonly to: number[] }

/** A pattern as a program. */
export type Automaton = readonly Step[]

/** Steps of the longest program: what is repeated a certain number of times stands there as often. */
const longest = 1000

/** Undefined for a pattern whose program would be too long. */
export function automaton(pattern: Node): Automaton | undefined {
  const steps: Step[] = []
  return write(steps, pattern) && add(steps, { kind: 'found' }) ? steps : undefined
}

function add(steps: Step[], step: Step): boolean {
  return steps.push(step) <= longest
}

function write(steps: Step[], node: Node): boolean {
  if (node.kind === 'all') return node.of.every((each) => write(steps, each))
  if (node.kind === 'any') return writeAny(steps, node.of)
  if (node.kind === 'repeat') return writeRepeat(steps, node)
  return add(steps, node)
}

function writeAny(steps: Step[], choices: readonly Node[]): boolean {
  const [only] = choices
  if (choices.length === 1 && only !== undefined) return write(steps, only)
  const [ways, out]: [number[], number[]] = [[], []]
  const fork = { kind: 'fork', to: ways } as const
  if (!add(steps, fork)) return false
  for (const choice of choices) {
    ways.push(steps.length)
    if (!write(steps, choice) || !add(steps, { kind: 'fork', to: out })) return false
  }
  out.push(steps.length)
  return true
}

type Repeat = Extract<Node, { kind: 'repeat' }>

function writeRepeat(steps: Step[], { of, least, most }: Repeat): boolean {
  for (let i = 0; i < least; i++) if (!write(steps, of)) return false
  if (most === Number.POSITIVE_INFINITY) return writeLoop(steps, of)
  const forks: number[][] = []
  for (let i = least; i < most; i++) {
    const to = [steps.length + 1]
    forks.push(to)
    if (!add(steps, { kind: 'fork', to }) || !write(steps, of)) return false
  }
  for (const to of forks) to.push(steps.length)
  return true
}

function writeLoop(steps: Step[], of: Node): boolean {
  const again = steps.length
  const to = [again + 1]
  if (!add(steps, { kind: 'fork', to }) || !write(steps, of)) return false
  if (!add(steps, { kind: 'fork', to: [again] })) return false
  to.push(steps.length)
  return true
}

/** Whether a program finds its pattern in a text. `left` goes below 0 where that takes too long; then the answer counts for nothing. */
export function matches(program: Automaton, text: string, effort: Effort): boolean {
  const characters = Array.from(text)
  let active: number[] = []
  for (let at = 0; at <= characters.length && effort.left >= 0; at++) {
    const reached = new Set<number>()
    const edge = { start: at === 0, end: at === characters.length }
    // A pattern may be found anywhere, so that it may begin at each character.
    if (walk(program, [...active, 0], edge, reached)) return true
    effort.left -= reached.size + 1
    const character = characters[at]
    active = []
    if (character === undefined) return false
    for (const i of reached) {
      const step = program[i] as Step
      if (step.kind === 'one' && step.fits(character)) active.push(i + 1)
    }
  }
  return false
}

interface Edge {
  readonly start: boolean
  readonly end: boolean
}

/** All steps that are reached without a character; true where the end of the program is one of them. */
function walk(program: Automaton, from: number[], edge: Edge, reached: Set<number>): boolean {
  const waiting = from
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    if (reached.has(i)) continue
    reached.add(i)
    const step = program[i] as Step
    if (step.kind === 'found') return true
    if (step.kind === 'fork') waiting.push(...step.to)
    else if ((step.kind === 'start' && edge.start) || (step.kind === 'end' && edge.end))
      waiting.push(i + 1)
  }
  return false
}
