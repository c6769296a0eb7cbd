import type { Store } from '../../store/store.ts'
import { emptyKeysOfGone } from '../removal.ts'
import { touchRealm } from '../touch.ts'

/** Tells every process of new keys of a realm; those of one that was removed while they were made go again. */
export async function tellKeys(settings: Store, path: string): Promise<void> {
  if (!(await touchRealm(settings, path))) await emptyKeysOfGone(settings, path)
}
