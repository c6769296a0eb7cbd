/** What happens to servers and their store while clients are at work: each a row, each undone when it is over. */
import { randomInt } from 'node:crypto'
import { rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { command } from '../kill/command.ts'
import { anHour, step } from './clock-steps.ts'
import type { Node } from './node.ts'
import type { Place } from './place.ts'
import { split } from './split.ts'
import { type Stage, served } from './stage.ts'

export interface Fault {
  /** What happens, for a table. */
  readonly about: string
  /** Seconds by which clocks differ from the history's at most. */
  readonly apart?: number
  /** What of a store's place it needs, beside servers. */
  readonly needs?: keyof Place
  /** Clients have stopped before it happens. */
  readonly quiet?: boolean
  /** Something else takes the writes from then on. */
  readonly replaces?: true
  /** It happens to a store but once: the next round has another one. */
  readonly once?: boolean
  run(stage: Stage, place: Place): Promise<void>
}

const oneOf = <T>(all: readonly T[]): T => all[randomInt(all.length)] as T

const everyNode = async ({ nodes }: Stage, act: (node: Node) => Promise<void>): Promise<void> => {
  await Promise.all(nodes.map(act))
}

export const faults = {
  none: { about: 'nothing', run: () => delay(300) },
  kill: {
    about: 'kill -9 of a server, started again at once',
    async run(stage) {
      const node = oneOf(stage.nodes)
      await delay(randomInt(300))
      await node.kill()
      await node.start()
    },
  },
  'kill-all': {
    about: 'kill -9 of every server at once, started again',
    async run(stage) {
      await delay(randomInt(300))
      await everyNode(stage, (node) => node.kill())
      await everyNode(stage, (node) => node.start())
    },
  },
  pause: {
    about: 'SIGSTOP of a server for 1 to 30 s',
    async run({ nodes }) {
      const node = oneOf(nodes)
      node.pause()
      await delay(1000 * (1 + randomInt(30)))
      node.goOn()
      await delay(1000)
    },
  },
  'clock-forward-10': step(600),
  'clock-back-10': step(-600),
  'clock-forward-60': step(anHour),
  'clock-back-60': step(-anHour),
  'clocks-apart': {
    about: 'the clock of one server is 30 s ahead of the others',
    apart: 30,
    async run({ nodes }) {
      await nodes.at(-1)?.set(30)
      await delay(1000)
    },
  },
  unlinked: {
    about: 'the file of the records is taken away for a second, and put back',
    needs: 'directory',
    async run(_, { directory = '' }) {
      const [file, elsewhere] = [join(directory, 'records.db'), join(directory, 'elsewhere')]
      await rename(file, elsewhere)
      await delay(1000)
      await rename(elsewhere, file)
      await delay(500)
    },
  },
  cut: {
    about:
      'all servers are killed and the records’ log is cut: they refuse, until an operator accepts it',
    needs: 'directory',
    quiet: true,
    once: true,
    apart: 60,
    run: cut,
  },
  'full-disk': {
    about: 'the disk is full for a second',
    needs: 'small',
    async run(_, { directory = '' }) {
      const ballast = join(directory, 'ballast')
      await writeFile(ballast, Buffer.alloc(64 * 1024 * 1024)).catch(() => undefined)
      await delay(1000)
      await rm(ballast)
      await delay(500)
    },
  },
  'store-kill': {
    about: 'kill -9 of the store, started again after a while',
    needs: 'store',
    async run(stage, { store }) {
      await delay(randomInt(300))
      await store?.kill()
      await delay(300 + randomInt(700))
      await store?.restart()
      stage.service.due('back', stage.nodes)
      await served(stage)
    },
  },
  'store-pause': {
    about: 'SIGSTOP of the store for 1 to 10 s',
    needs: 'store',
    async run(stage, { store }) {
      store?.signal('SIGSTOP')
      await delay(1000 * (1 + randomInt(10)))
      store?.signal('SIGCONT')
      stage.service.due('back', stage.nodes)
      await served(stage)
    },
  },
  slow: {
    about:
      'each answer of the store comes 500 ms late, every twentieth packet a second later still',
    needs: 'wire',
    async run(_, { wire }) {
      wire?.slow({ ms: 500, loss: 0.05 })
      await delay(5000)
      wire?.slow(undefined)
    },
  },
  failover: {
    about: 'what takes the writes of the store is killed, and another takes over',
    needs: 'failOver',
    replaces: true,
    once: true,
    async run(stage, { failOver, waitsForAll }) {
      const { nodes, service } = stage
      await delay(randomInt(300))
      await failOver?.(() => service.due('failover', waitsForAll === true ? [] : nodes))
      if (waitsForAll === true) service.due('back', nodes)
      await served(stage)
      await delay(1000)
    },
  },
  partition: {
    about: 'no byte passes between servers and store for a while, and nobody is told',
    needs: 'wire',
    async run(stage, { wire }) {
      wire?.hold()
      await delay(1000 + randomInt(4000))
      wire?.release()
      stage.service.due('back', stage.nodes)
      await served(stage)
    },
  },
  split: split(0),
  'split-with-server': split(1),
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof faults

/** A store that lost acknowledged writes is not served before an operator says so; what was issued is void then. */
async function cut(stage: Stage, { directory = '' }: Place): Promise<void> {
  await everyNode(stage, (node) => node.kill())
  await truncate(join(directory, 'records.db-wal'), 0)
  for (const node of stage.nodes) {
    const started = await node.start().then(
      () => true,
      (error: Error) => !/is not as it was left/.test(error.message),
    )
    if (started) stage.wrong.push('a server started on a store that lost acknowledged writes')
  }
  const accepted = await command(directory, 'accept-store')
  if (accepted.status !== 0) stage.wrong.push(`accept-store: ${accepted.err}`)
  for (const { thing } of [...stage.history.lines]) stage.history.end('operator', thing)
  // People begin anew: a first step that nobody has answered has nothing that could be lost.
  stage.walks.length = 0
  for (const node of stage.nodes) await node.start()
  // For as long as clocks may differ, an assertion that is made now might be one from before.
  await stage.setClocks(40)
}
