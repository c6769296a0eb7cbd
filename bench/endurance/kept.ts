/** The lives of servers and stores as a progress file has them. */
import type { Progress } from '../../test/faults/progress.ts'
import { cellsOf } from './report.ts'
import { figures, type Life, type Part } from './verdict.ts'

/** What is kept of one run. */
export interface Kept {
  lives(): readonly Life[]
  /** Begins another life. */
  begin(): {
    readonly add: (part: Part) => void
    readonly compared: (worn: number) => void
  }
}

/** What is kept under a name. */
export function kept(progress: Progress, name: string): Kept {
  const count = (): number => progress.of(name).lives ?? 0
  const lifeName = (life: number): string => `${name}, life ${life}`
  const partName = (life: number, part: number): string => `${lifeName(life)}, part ${part}`
  const partsOf = (life: number): readonly Part[] => {
    const parts: Part[] = []
    for (;;) {
      const found = progress.of(partName(life, parts.length + 1))
      if (found.pushes === undefined) return parts
      const part = figures.map((each) => [each, found[each] ?? Number.NaN] as const)
      parts.push(Object.fromEntries(part) as Part)
    }
  }
  return {
    lives: () =>
      Array.from({ length: count() }, (_, i) => {
        const life = i + 1
        return { parts: partsOf(life), worn: progress.of(lifeName(life)).worn }
      }),
    begin() {
      progress.add(name, { lives: 1 })
      const life = count()
      return {
        add(part) {
          progress.add(partName(life, partsOf(life).length + 1), part)
          process.stdout.write(`${cellsOf(part).join('  ')}\n`)
        },
        compared: (worn) => progress.add(lifeName(life), { worn }),
      }
    },
  }
}
