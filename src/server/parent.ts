/**
 * Whether npm started this process, as `npm start` and `npx` do. npm hands a signal on to the shell between
 * it and the server, and a shell that did not give up its place for the server ends alone.
 */
export function startedByNpm(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment.npm_lifecycle_event !== undefined
}

/**
 * Settles when the process that started this one is gone: then another process is the parent. Where the
 * operating system tells no change (Windows), never. Looks every `interval` milliseconds, and keeps nothing
 * running.
 */
export function parentGone(parent = () => process.ppid, interval = 250): Promise<void> {
  const first = parent()
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (parent() === first) return
      clearInterval(timer)
      resolve()
    }, interval)
    timer.unref()
  })
}
