import { attributeCallbacks } from './attribute.ts'
import { basicCallbacks } from './basic.ts'
import type { CallbackType } from './callback.ts'
import { platformCallbacks } from './platform.ts'

/** Every kind of callback, by the name it has on the wire. */
export const callbackTypes: Readonly<Record<string, CallbackType>> = {
  ...basicCallbacks,
  ...attributeCallbacks,
  ...platformCallbacks,
}
