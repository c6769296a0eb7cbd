import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import { tellAbout } from '../base/trace.ts'
import type { Realm } from '../realm/realm.ts'
import { decode } from './codec.ts'
import type { HandleKind, RecordKey } from './handle.ts'
import { openHandle, storeKey } from './handle.ts'
import type { Found } from './record.ts'

/** `unknown`: never made here; `gone`: genuine, but nothing is kept of it any more. */
export type NotFound = 'unknown' | 'gone'

/** Finds a record by one of its handles. */
export function findRecord(
  realm: Realm,
  kind: HandleKind,
  handle: string,
): Ready<Found | NotFound> {
  const opened = openHandle(realm, kind, handle)
  if (opened === undefined) return 'unknown'
  tellAbout(opened.key)
  return readRecord(realm, opened.key, opened.n)
}

/** Reads a record, or reads it again after a compare-and-set was lost. */
export function readRecord(realm: Realm, key: RecordKey, n = 0): Ready<Found | 'gone'> {
  return whenReady(realm.records.get(storeKey(key)), (stored) => {
    if (stored === undefined) return 'gone'
    return { key, n, version: stored.version, record: decode(stored.value) }
  })
}
