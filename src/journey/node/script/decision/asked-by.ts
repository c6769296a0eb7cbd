import type { Json } from '../../../../base/json.ts'
import { isObject, member } from '../../../../base/json.ts'
import type { Masking } from '../../../../script/masking.ts'
import type { Asked } from '../../../callback/callback.ts'
import { asked } from '../../../callback/callback.ts'
import { callbackTypes } from '../../../callback/index.ts'
import { NodeError } from '../../../journey.ts'

/** Callbacks of one step. */
const most = 100

/** What a script sends, as callbacks of kinds that there are, each with the inputs of its kind. */
export function askedBy(callbacks: Json, mask: Masking): readonly Asked[] {
  if (!Array.isArray(callbacks) || callbacks.length === 0 || callbacks.length > most)
    throw new NodeError(`a script sends from 1 to ${most} callbacks`)
  return (callbacks as readonly Json[]).map((each) => {
    const name = isObject(each) ? member(each, 'type') : undefined
    const type =
      typeof name === 'string' && Object.hasOwn(callbackTypes, name)
        ? callbackTypes[name]
        : undefined
    if (!isObject(each) || type === undefined)
      throw new NodeError(
        `the callback ${typeof name === 'string' ? mask(name).slice(0, 100) : ''} is not there`,
      )
    const output = member(each, 'output')
    const values = member(each, 'values')
    const given = Array.isArray(values) ? (values as readonly Json[]) : []
    return asked(type, isObject(output) ? output : {}, ...type.inputs.map((_, i) => given[i] ?? ''))
  })
}
