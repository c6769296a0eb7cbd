import { availableParallelism } from 'node:os'
import { banner } from '../../demo/banner.ts'
import type { Demo } from '../../demo/populate.ts'
import { reasonFor } from '../../store/reason-for.ts'
import { logLines } from '../observe/log-lines.ts'
import { lineOutput } from '../observe/output.ts'
import { parentGone, startedByNpm } from '../parent.ts'
import { stopSignal } from '../process/stop-signal.ts'
import { type Primary, primary } from '../process/worker.ts'
import type { Settings } from '../settings.ts'
import type { Command, World } from './command.ts'
import type { Configuration } from './configuration.ts'
import { configurationOrComplaint, handedConfiguration } from './configuration.ts'

/** `parapet serve`: runs until SIGTERM or SIGINT, or the end of the npm that started it, then finishes what it holds. */
export const serve: Command = {
  name: 'serve',
  usage: '[--config <file>] [--workers <number>|auto] [--demo [--exposed]]',
  about:
    'Serve, by several processes on one port if --workers says so; --demo fills an empty store with realms, a user and clients to play with, --exposed gives these passwords that are shown once, so that others may reach them',
  options: {
    config: { type: 'string' },
    workers: { type: 'string' },
    demo: { type: 'boolean' },
    exposed: { type: 'boolean' },
  },

  async run(world, { config, workers, demo = false, exposed = false }) {
    if (exposed === true && demo !== true) {
      world.complain(
        'parapet: --exposed is for --demo: what else is served has no passwords that everybody knows\n',
      )
      return 2
    }
    const environment =
      typeof workers === 'string'
        ? { ...world.environment, PARAPET_WORKERS: workers }
        : world.environment
    const above = primary()
    const configuration =
      above === undefined
        ? await configurationOrComplaint({ ...world, environment }, config)
        : handedConfiguration(world, await above.handed())
    if (configuration === undefined) return 1
    const signal = stopSignal()
    const byNpm = startedByNpm(world.environment)
    const stopped = byNpm ? Promise.race([signal, parentGone()]) : signal
    const count = processesOf(configuration.settings)
    try {
      return count > 1 && above === undefined
        ? await byWorkers(world, configuration, count, stopped)
        : await here(world, configuration, demoOf(demo === true, exposed === true), stopped, above)
    } catch (error) {
      const { code = '', syscall = '' } = error as NodeJS.ErrnoException
      const advice = /^(?:listen|bind)$/.test(syscall) ? (listenAdvice[code] ?? '') : ''
      world.complain(`parapet: ${reasonFor(error)}${advice}\n`)
      return 1
    }
  },
}

/** How many processes the settings want. */
function processesOf({ workers }: Settings): number {
  return workers === 'auto' ? availableParallelism() : workers
}

async function byWorkers(
  world: World,
  { settings, configured }: Configuration,
  count: number,
  stopped: Promise<void>,
): Promise<number> {
  const { serveByWorkers } = await import('../process/primary.ts')
  const handed = { settings, parts: configured?.parts }
  return serveByWorkers({ handed, count, stopped, say: (text) => world.complain(text) })
}

/** Serves in this process, be it the only one or a worker. */
async function here(
  world: World,
  { settings, configured }: Configuration,
  demo: Demo,
  signal: Promise<void>,
  above: Primary | undefined,
): Promise<number> {
  const stopped = above === undefined ? signal : Promise.race([signal, above.stopped])
  const options = { level: settings.logLevel, format: settings.logFormat }
  // Where the audit log has standard output, no other line comes between.
  const endLog = logLines(options, settings.auditLog === '-' ? lineOutput(2) : undefined)
  const { metrics, others } = above ?? {}
  const running = await world.start(settings, demo, { configured, metrics, others })
  const { origin, adminPassword, filled, outbox } = running
  // Not to standard output: that is the log's, one line for each event.
  const said = demo === 'none' ? undefined : banner(origin, adminPassword, filled, outbox)
  if (above !== undefined) above.serving({ origin, said, made: adminPassword !== undefined })
  else if (said !== undefined) world.complain(said)
  await stopped
  await running.stop()
  await endLog()
  return 0
}

/** What to do about what the system says when an address cannot be taken. */
const listenAdvice: Readonly<Record<string, string>> = {
  EADDRINUSE:
    ': something else listens there; end it, or name another port (PORT, PARAPET_METRICS)',
  EADDRNOTAVAIL: ': this machine has no such address; look at HOST',
  EACCES: ': this user may not; a port below 1024 is for root, so name another one (PORT)',
}

function demoOf(demo: boolean, exposed: boolean): Demo {
  if (!demo) return 'none'
  return exposed ? 'exposed' : 'here'
}
