import { formPost } from './form-post.ts'
import { fragment } from './fragment.ts'
import { query } from './query.ts'
import type { ResponseMode } from './response-mode.ts'

/** Every response mode that is served, as discovery lists them. */
export const responseModes = [query, fragment, formPost] as const satisfies readonly ResponseMode[]

/** The name of one of them. */
export type ResponseModeName = (typeof responseModes)[number]['name']

const byName: ReadonlyMap<string, ResponseMode & { readonly name: ResponseModeName }> = new Map(
  responseModes.map((mode) => [mode.name, mode]),
)

/** The mode of that name, if it is served. */
export function servedMode(
  name: string | undefined,
): (ResponseMode & { readonly name: ResponseModeName }) | undefined {
  return name === undefined ? undefined : byName.get(name)
}

/** The mode of a name that is known to be served. */
export function modeNamed(name: ResponseModeName): ResponseMode {
  return byName.get(name) as ResponseMode
}
