import { statSync } from 'node:fs'
import { alarm } from '../../base/log.ts'

/** Looks again and again whether files are still those that were opened. */
export interface Watch {
  /** A file that is gone or another one by now. */
  missing(): string | undefined
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
  let missing: string | undefined
  const look = (): void => {
    const before = missing
    missing = opened.find(({ file, identity }) => identityOf(file) !== identity)?.file
    if (missing !== undefined && before === undefined) alarm('store.replaced', { file: missing })
  }
  const timer = setInterval(look, pause).unref()
  return {
    missing() {
      // Once something is missing it is worth a call to see whether it came back.
      if (missing !== undefined) look()
      return missing
    },
    stop: () => clearInterval(timer),
  }
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
