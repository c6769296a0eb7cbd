import { formPost } from './form-post.ts'
import { fragment } from './fragment.ts'
import { query } from './query.ts'
import type { ResponseMode } from './response-mode.ts'

/** Every response mode that is served, by its name on the wire, as discovery lists them. */
export const responseModes = {
  query,
  fragment,
  form_post: formPost,
} as const satisfies Readonly<Record<string, ResponseMode>>

/** The name of one of them. */
export type ResponseModeName = keyof typeof responseModes

/** Whether a mode of that name is served. */
export function isServedMode(name: string): name is ResponseModeName {
  return Object.hasOwn(responseModes, name)
}
