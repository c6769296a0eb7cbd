import { random } from './base/random.ts'
import { type Recorder, startRecorder } from './history/recorder.ts'
import type { Realms } from './realm/realms.ts'
import type { Settings } from './server/settings.ts'
import type { Stores } from './store/index.ts'

/** What keeps the history of a server's requests, as far as the settings want it. */
export function keptHistory(
  { history, historyPerClient, historyPerRealm }: Settings,
  { records }: Pick<Stores, 'records'>,
  realms: Realms,
): readonly Recorder[] {
  if (history === 'off') return []
  const limits = { client: historyPerClient, realm: historyPerRealm }
  return [startRecorder({ records, realms, random }, limits)]
}
