import { uriDifference } from './uri.ts'

/** In which way an `aud` does not name what it should. `form`: as the rule wants it. */
export function audienceDifference(
  aud: unknown,
  wanted: readonly string[],
  form: 'string' | 'single' | 'only' | 'contains',
): string | undefined {
  if (typeof aud === 'string') return uriDifference(aud, wanted)
  if (!Array.isArray(aud)) return undefined
  if (form === 'string') return 'in that it is a list, and one text is wanted'
  const list: readonly unknown[] = aud
  const [first] = list
  if (list.length === 1 && typeof first === 'string') return uriDifference(first, wanted)
  const foreign = list.filter((each) => typeof each !== 'string' || !wanted.includes(each)).length
  if (form === 'single' && foreign === 0) return 'in that it has more than one member'
  return `in ${foreign} of its ${list.length} members`
}
