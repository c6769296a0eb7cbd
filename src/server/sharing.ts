import { located } from '../store/index.ts'
import type { Settings } from './settings.ts'

/** What is wrong where several processes are to serve a store that only one can have. */
export function sharingProblems({
  workers,
  store,
  settingsStore,
}: Pick<Settings, 'workers' | 'store' | 'settingsStore'>): readonly string[] {
  if (workers === 1) return []
  const alone = [store, settingsStore].find(
    (url) => url !== undefined && !located(url).backend.shared,
  )
  if (alone === undefined) return []
  const { url } = located(alone).backend
  return [
    `PARAPET_WORKERS, --workers: ${url} is a store of one process, and each worker would have its own; name another store (PARAPET_STORE), or serve with one worker`,
  ]
}
