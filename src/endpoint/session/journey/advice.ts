/** What a policy wants of a login before it lets somebody through (PingAM: policy advice). */
export type Advice = readonly [name: string, values: readonly string[]]

const longest = 2048

const opening = /\s*<Advices>\s*/y
const attribute =
  /<AttributeValuePair>\s*<Attribute\s+name\s*=\s*(?:"([\w-]{1,64})"|'([\w-]{1,64})')\s*\/>\s*/y
const value = /<Value>((?:[^<>&]|&(?:amp|lt|gt|quot|apos);){0,512})<\/Value>\s*/y
const pairEnd = /<\/AttributeValuePair>\s*/y
const closing = /<\/Advices>\s*$/y

const entities: Readonly<Record<string, string>> = {
  ...{ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" },
}

/**
 * The advices in PingAM's XML: pairs of a name and its values, as its agents and SDKs write them. Whatever else XML may
 * have (declarations, comments, entities of its own) is none of it: undefined, as for any other text.
 */
export function readAdvices(xml: string): readonly Advice[] | undefined {
  if (xml.length > longest) return undefined
  let at = 0
  const next = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(xml) ?? undefined
    if (found !== undefined) at = pattern.lastIndex
    return found
  }
  if (next(opening) === undefined) return undefined
  const advices: Advice[] = []
  for (let pair = next(attribute); pair !== undefined; pair = next(attribute)) {
    const values: string[] = []
    for (let found = next(value); found !== undefined; found = next(value))
      values.push(plain(found[1] ?? ''))
    if (values.length === 0 || next(pairEnd) === undefined) return undefined
    advices.push([pair[1] ?? pair[2] ?? '', values])
  }
  return advices.length > 0 && next(closing) !== undefined ? advices : undefined
}

function plain(text: string): string {
  return text.replaceAll(/&\w+;/g, (entity) => entities[entity] ?? '').trim()
}
