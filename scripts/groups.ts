/**
 * Test files that share a process. To start one for each of some five hundred files takes longer than what most of them
 * test, and what is compiled for one serves those after it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** How a test file says that it shares its process with no other, and why. */
const alone = /^\/\/ In a process of its own: \w/m

/** What a test file has in it that measures its process: others would have a part in that. */
const measures = /\/test\/cpu\.ts'|\b(?:cpuUsage|memoryUsage|queryObjects|getHeapStatistics)\b/

/** So many files share one process at most. */
const most = 12

/** What was made here, and goes with this process. */
const folders = new Set<string>()
process.once('exit', removeFolders)
// Whoever is told to stop has no exit to hear of.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.once(signal, () => {
    removeFolders()
    process.kill(process.pid, signal)
  })

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

/**
 * The files to be run for these ones: of each room of `src` several together, by a file of their own in a folder
 * below `folder`, which is no other run's; those under `test`, which start servers and browsers, and those
 * that measure their process or say so, one by one, and first.
 */
export function groups(files: readonly string[], root: string, folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const own = mkdtempSync(join(folder, 'run-'))
  folders.add(own)
  const rooms = new Map<string, string[]>()
  const single: string[] = []
  for (const file of files) {
    const [top, room = 'src'] = relative(root, dirname(file)).split(sep)
    if (top !== 'src' || isAlone(readFileSync(file, 'utf8'))) single.push(file)
    else rooms.set(room, [...(rooms.get(room) ?? []), file])
  }
  const shared = [...rooms].flatMap(([room, members]) =>
    Array.from({ length: Math.ceil(members.length / most) }, (_, i) => {
      const [first = '', ...others] = members.slice(i * most, (i + 1) * most)
      if (others.length === 0) return first
      const name = join(own, `${room}-${i + 1}.test.mjs`)
      writeFileSync(name, together([first, ...others]))
      return name
    }),
  )
  return [...single, ...shared]
}

function isAlone(text: string): boolean {
  return alone.test(text) || measures.test(text)
}

/** Tests begin when all files are loaded: one that sets the clock would hold up what another waits for as it loads. */
function together(files: readonly string[]): string {
  const imports = files.map((file) => `await import('${pathToFileURL(file).href}')\n`)
  return `import { before } from 'node:test'
const { promise, resolve } = Promise.withResolvers()
before(() => promise)
${imports.join('')}resolve()
`
}
