import { getCompileCacheDir } from 'node:module'

/**
 * The environment of a thread: nothing of the process's own but where compiled code is kept. Without that a thread
 * compiles all it runs anew.
 */
export function threadEnvironment(): Readonly<Record<string, string>> {
  const cache = getCompileCacheDir()
  return cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }
}
