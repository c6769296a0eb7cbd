import { statSync } from 'node:fs'
import { alarm } from '../../base/log.ts'

/** Looks again and again whether files are still those that were opened. */
export interface Watch {
  /**
   * A file that was gone, or another one, at the last look. It is no call: whoever reads or writes
   * compares it each time, and has to do more only where it is not undefined.
   */
  readonly missing: string | undefined
  /** Looks at once, since what was missing may have come back; gives `missing`. */
  readonly look: () => string | undefined
  stop(): void
}

/** Milliseconds between looks; each is a few calls that take microseconds. */
const pause = 500

/**
 * Watches files that are open. Whoever deletes or replaces one leaves this process writing into what
 * nobody will ever find again; nothing else would tell it.
 */
export function watchFiles(files: readonly string[]): Watch {
  const opened = files.map((file) => ({ file, identity: identityOf(file) }))
  const look = (): string | undefined => {
    const before = watch.missing
    watch.missing = opened.find(({ file, identity }) => identityOf(file) !== identity)?.file
    if (watch.missing !== undefined && before === undefined)
      alarm('store.replaced', { file: watch.missing })
    return watch.missing
  }
  const timer = setInterval(look, pause).unref()
  const watch = {
    missing: undefined as string | undefined,
    look,
    stop: () => clearInterval(timer),
  }
  return watch
}

/** What a path leads to. */
function identityOf(file: string): string {
  try {
    const { dev, ino } = statSync(file)
    return `${dev}:${ino}`
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}
