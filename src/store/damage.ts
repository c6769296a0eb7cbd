import { alarm } from '../base/log.ts'

/** Whether something was read that cannot be what was written; true until the process ends. */
export interface Damage {
  note(reason: string): void
  noted(): boolean
}

/** Tells an operator of the first damage to a place; all that follows is the same matter. */
export function damageTo(place: string): Damage {
  let noted = false
  return {
    note(reason) {
      if (!noted) alarm('store.damaged', { place, reason })
      noted = true
    },
    noted: () => noted,
  }
}
