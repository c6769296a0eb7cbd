import { banner } from '../../demo/banner.ts'
import type { Demo } from '../../demo/populate.ts'
import { logLines } from '../observe/log-lines.ts'
import { lineOutput } from '../observe/output.ts'
import { parentGone, startedByNpm } from '../parent.ts'
import type { Command, Running } from './command.ts'
import { configurationOrComplaint } from './configuration.ts'

/** `parapet serve`: runs until SIGTERM or SIGINT, or the end of the npm that started it, then finishes what it holds. */
export const serve: Command = {
  name: 'serve',
  usage: '[--config <file>] [--demo [--exposed]]',
  about:
    'Serve; --demo fills an empty store with realms, a user and clients to play with, --exposed gives these passwords that are shown once, so that others may reach them',
  options: { config: { type: 'string' }, demo: { type: 'boolean' }, exposed: { type: 'boolean' } },

  async run(world, { config, demo = false, exposed = false }) {
    if (exposed === true && demo !== true) {
      world.complain(
        'parapet: --exposed is for --demo: what else is served has no passwords that everybody knows\n',
      )
      return 2
    }
    const configuration = await configurationOrComplaint(world, config)
    if (configuration === undefined) return 1
    const { settings, configured } = configuration
    const options = { level: settings.logLevel, format: settings.logFormat }
    // Where the audit log has standard output, no other line comes between.
    const endLog = logLines(options, settings.auditLog === '-' ? lineOutput(2) : undefined)
    const signal = stopSignal()
    const byNpm = startedByNpm(world.environment)
    const stopped = byNpm ? Promise.race([signal, parentGone()]) : signal
    let running: Running
    try {
      running = await world.start(settings, demoOf(demo === true, exposed === true), configured)
    } catch (error) {
      const { code = '', syscall, message } = error as NodeJS.ErrnoException
      const advice = syscall === 'listen' ? (listenAdvice[code] ?? '') : ''
      world.complain(`parapet: ${message}${advice}\n`)
      return 1
    }
    // Not to standard output: that is the log's, one line for each event.
    if (demo === true) world.complain(banner(running.origin, running.adminPassword, running.filled))
    await stopped
    await running.stop()
    await endLog()
    return 0
  },
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

/**
 * Milliseconds in which a second signal is the same wish: for one Ctrl-C under `npm start` the terminal
 * sends one, and npm another.
 */
const sameWish = 500

/** Settles at the first signal to stop; a later second one ends the process at once, by its default. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const letThrough = (): void => {
      process.off('SIGTERM', stop)
      process.off('SIGINT', stop)
    }
    let wished = false
    const stop = (): void => {
      if (wished) return
      wished = true
      setTimeout(letThrough, sameWish).unref()
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
